/// The first place where a text stops being JSON (RFC 8259), or names a key twice.
///
/// The decoder only says that there is one, and passes over those in parts that it does not read.
struct JSONFault: Error, Equatable {
    /// Counted from 1.
    let line: Int
    /// Counted from 1, in bytes.
    let column: Int
    /// What was wanted there.
    let wanted: String

    /// Looks for a fault; `nil` when the text is JSON.
    static func find(in bytes: [UInt8]) -> JSONFault? {
        var scanner = JSONScanner(bytes: bytes)
        do {
            try scanner.document()
            return nil
        } catch {
            let before = bytes[..<error.offset]
            let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            return JSONFault(
                line: before.count { $0 == 0x0A } + 1,
                column: error.offset - lineStart + 1,
                wanted: error.wanted
            )
        }
    }
}

/// Walks a JSON text without keeping any of it.
private struct JSONScanner {
    struct Stop: Error {
        let offset: Int
        let wanted: String
    }

    let bytes: [UInt8]
    var offset = 0
    var depth = 0

    /// The decoder's own limit; deeper texts are refused by both.
    static let mostDepth = 512

    mutating func document() throws(Stop) {
        // Some systems begin every text with this mark; RFC 8259 section 8.1 lets a reader pass over it.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        try value()
        if next() != nil { throw stop("the end of the text") }
    }

    private mutating func value() throws(Stop) {
        switch next() {
        case UInt8(ascii: "{"): try list(closedBy: UInt8(ascii: "}"), "a comma or }", keyed: true)
        case UInt8(ascii: "["): try list(closedBy: UInt8(ascii: "]"), "a comma or ]", keyed: false)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case .some(0x30...0x39), UInt8(ascii: "-"): try number()
        default: throw stop("a value")
        }
    }

    private mutating func list(closedBy end: UInt8, _ wanted: String, keyed: Bool) throws(Stop) {
        depth += 1
        guard depth <= Self.mostDepth else { throw stop("fewer levels of nesting") }
        defer { depth -= 1 }
        offset += 1
        if next() == end {
            offset += 1
            return
        }
        var keys: Set<ArraySlice<UInt8>> = []
        // Each round takes at least one byte, so it ends with the text.
        while true {
            if keyed { try key(&keys) }
            try value()
            let mark = next()
            guard mark == end || mark == UInt8(ascii: ",") else { throw stop(wanted) }
            offset += 1
            if mark == end { return }
        }
    }

    /// A key that stands twice is refused: which of the two values is meant could only be guessed.
    private mutating func key(_ known: inout Set<ArraySlice<UInt8>>) throws(Stop) {
        guard next() == UInt8(ascii: "\"") else { throw stop("a key in double quotes") }
        let start = offset
        try string()
        guard known.insert(bytes[start..<offset]).inserted else {
            throw Stop(offset: start, wanted: "a key that has not been there before")
        }
        guard next() == UInt8(ascii: ":") else { throw stop("a colon") }
        offset += 1
    }

    private mutating func string() throws(Stop) {
        offset += 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw stop("an escape such as \\n in place of a control character")
            default: offset += 1
            }
        }
        throw stop("the closing double quote")
    }

    private mutating func escape() throws(Stop) {
        let letter = offset + 1 < bytes.count ? bytes[offset + 1] : 0
        if letter == UInt8(ascii: "u") {
            let digits = bytes[(offset + 2)...].prefix(4)
            guard digits.count == 4, digits.allSatisfy({ PercentCoding.digit($0) != nil }) else {
                throw stop("four hexadecimal digits after \\u")
            }
            offset += 6
        } else {
            guard "\"\\/bfnrt".utf8.contains(letter) else { throw stop("a known escape") }
            offset += 2
        }
    }

    private mutating func number() throws(Stop) {
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let start = offset
        try digits()
        if bytes[start] == 0x30, offset > start + 1 {
            throw Stop(offset: start, wanted: "a number without leading zeros")
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        guard offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") else { return }
        offset += 1
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
            offset += 1
        }
        try digits()
    }

    private mutating func digits() throws(Stop) {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        if offset == start { throw stop("a digit") }
    }

    private mutating func word(_ word: String) throws(Stop) {
        guard bytes[offset...].starts(with: word.utf8) else { throw stop("a value") }
        offset += word.utf8.count
    }

    /// The next byte that is no white space.
    private mutating func next() -> UInt8? {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
        return offset < bytes.count ? bytes[offset] : nil
    }

    private func stop(_ wanted: String) -> Stop {
        Stop(offset: min(offset, bytes.count), wanted: wanted)
    }
}
