import FoundationEssentials

/// Makes XML out of what is nearly XML, where nobody can be in doubt of what was meant.
enum XMLRepair {
    /// `document` without blanks before its beginning, with blanks in the place of control characters, which no XML may
    /// hold, and with U+FFFD in the place of bytes that are no UTF-8, where it is to be UTF-8.
    static func repaired(_ document: Data) -> Data {
        // Text in units of two bytes is left alone: its zeros mean something else.
        guard !document.starts(with: [0xFE, 0xFF]), !document.starts(with: [0xFF, 0xFE]), document.prefix(2) != zeroed
        else { return document }
        var repaired = document
        if repaired.first.map(blanks.contains) == true { repaired = Data(repaired.drop { blanks.contains($0) }) }
        if repaired.withUnsafeBytes({ $0.contains(where: isControl) }) {
            repaired = Data(repaired.map { isControl($0) ? UInt8(ascii: " ") : $0 })
        }
        guard isMeantAsUTF8(repaired), !isUTF8(repaired) else { return repaired }
        return Data(String(decoding: repaired, as: UTF8.self).utf8)
    }

    private static let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    /// The beginning of UTF-16 without a mark.
    private static let zeroed = Data([UInt8(ascii: "<"), 0])

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
    }

    private static func isUTF8(_ document: Data) -> Bool {
        do {
            _ = try UTF8Span(validating: document.span)
            return true
        } catch {
            return false
        }
    }

    /// UTF-8 is what XML is in when it names nothing else.
    private static func isMeantAsUTF8(_ document: Data) -> Bool {
        let start = String(decoding: document.prefix(200), as: UTF8.self).lowercased()
        guard start.hasPrefix("<?xml"), let declaration = start.firstRange(of: "?>").map({ start[..<$0.lowerBound] }),
            let name = declaration.firstRange(of: "encoding")
        else { return true }
        return declaration[name.upperBound...].contains("utf-8")
    }
}
