import Glibc

/// Walks over bytes that may be XML.
struct ByteScanner {
    let bytes: UnsafeRawBufferPointer
    /// Where the scanner stands; never behind `end`.
    var position: Int
    /// What is behind this is not looked at.
    var end: Int

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
        end = bytes.count
    }

    /// Whether these bytes stand at the position.
    func starts(_ text: StaticString) -> Bool {
        starts(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether these bytes stand at the position.
    func starts(_ wanted: some Collection<UInt8>) -> Bool {
        end - position >= wanted.count && bytes[position..<position + wanted.count].elementsEqual(wanted)
    }

    mutating func skip(_ text: StaticString) {
        if starts(text) { position += text.utf8CodeUnitCount }
    }

    mutating func skipSpace() {
        while position < end, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
    }

    /// Moves to the next place where `text` stands, which may be here.
    ///
    /// - Returns: `false` when there is none; the position is as before then.
    mutating func moveTo(_ text: StaticString) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        var at = self
        // Each turn begins behind the one before.
        while at.position < end,
            let found = memchr(base + at.position, Int32(text.utf8Start.pointee), end - at.position)
        {
            at.position = base.distance(to: UnsafeRawPointer(found))
            if at.starts(text) {
                position = at.position
                return true
            }
            at.position += 1
        }
        return false
    }

    /// Takes a `<meta type="…">text</meta>` at the position and stands behind it; `nil` when it is none.
    mutating func takeMeta() -> (type: String, text: String)? {
        var at = self
        let begin = position
        guard at.moveTo(">") else { return nil }
        let tag = String(decoding: bytes[begin..<min(at.position, begin + 500)], as: UTF8.self)
        let start = at.position + 1
        guard !tag.hasSuffix("/"), let type = Self.attribute("type", in: tag), at.moveTo("</meta") else { return nil }
        let text = String(decoding: bytes[start..<min(at.position, start + 8192)], as: UTF8.self)
        position = at.position
        return (type.lowercased(), Self.unescaped(text.trimmed))
    }

    /// The value of an attribute of a tag, with its escapes undone.
    static func attribute(_ name: String, in tag: String) -> String? {
        for quote in ["\"", "'"] {
            guard let start = tag.firstRange(of: "\(name)=\(quote)")?.upperBound else { continue }
            guard let end = tag[start...].firstIndex(of: Character(quote)) else { continue }
            return unescaped(String(tag[start..<end]))
        }
        return nil
    }

    /// The text with the five escapes that XML itself has and with character numbers undone; others stay as they are.
    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: ";"),
                let character = character(rest[start..<end].dropFirst())
            else {
                result.append("&")
                rest = rest.dropFirst()
                continue
            }
            result.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Character? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map(Character.init)
    }
}
