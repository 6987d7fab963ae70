import FoundationEssentials

/// Reads JSON (RFC 8259) byte by byte.
///
/// It takes only what is written the plain way: integers without fraction and exponent, numbers within the range of a
/// `Double`, text that is UTF-8, and little nesting. All else throws `Unsure`.
struct MessageReader {
    /// The message is damaged, or written in a way that only `JSONDecoder` judges.
    struct Unsure: Error {}

    /// Deeper than any message; far below what `JSONDecoder` takes.
    private static let depthLimit = 32

    // A copy, so that every access is checked against its bounds: the bytes come from foreign code.
    private let bytes: [UInt8]
    private var offset = 0

    init(_ json: Data) {
        bytes = Array(json)
    }

    /// Whether nothing but blanks is left.
    var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return offset == bytes.count
        }
    }

    /// Takes `mark` if it is what comes next.
    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard peek() == UInt8(ascii: mark) else { return false }
        offset += 1
        return true
    }

    /// Takes `mark`, which must come next.
    mutating func expect(_ mark: Unicode.Scalar) throws(Unsure) {
        guard take(mark) else { throw Unsure() }
    }

    /// Takes `null` if it is what comes next.
    mutating func takeNull() throws(Unsure) -> Bool {
        skipBlanks()
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    mutating func bool() throws(Unsure) -> Bool {
        skipBlanks()
        let isTrue = peek() == UInt8(ascii: "t")
        try word(isTrue ? "true" : "false")
        return isTrue
    }

    /// A whole number of at most 18 digits, which always fit.
    mutating func integer() throws(Unsure) -> Int64 {
        skipBlanks()
        let isNegative = peek() == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let start = offset
        var value: Int64 = 0
        while let digit = digit() { value = value &* 10 &+ Int64(digit) }
        let count = offset - start
        // What follows is looked at by whoever reads on: a fraction is no end of a member.
        guard (1...18).contains(count), value != 0 ? bytes[start] != UInt8(ascii: "0") : count == 1 && !isNegative
        else {
            throw Unsure()
        }
        return isNegative ? -value : value
    }

    /// A number that `Double` holds in full precision, or a plain 0.
    mutating func double() throws(Unsure) -> Double {
        skipBlanks()
        let start = offset
        try skipNumber()
        let text = bytes[start..<offset]
        guard let value = Double(String(decoding: text, as: UTF8.self)) else { throw Unsure() }
        guard value.isNormal || text.elementsEqual("0".utf8) || text.elementsEqual("0.0".utf8) else { throw Unsure() }
        return value
    }

    /// The text of a string, with its escapes resolved.
    mutating func string() throws(Unsure) -> String {
        try expect("\"")
        let start = offset
        var all: UInt8 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                offset += 1
                return try text(bytes[start..<offset - 1], isASCII: all < 0x80)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(Array(bytes[start..<offset])) }
            guard byte >= 0x20 else { throw Unsure() }
            all |= byte
            offset += 1
        }
        throw Unsure()
    }

    /// The elements of an array, each read by `element`.
    mutating func array<Element>(
        _ element: (inout Self) throws(Unsure) -> Element
    ) throws(Unsure) -> [Element] {
        try expect("[")
        var elements: [Element] = []
        while !take("]") {
            if !elements.isEmpty { try expect(",") }
            elements.append(try element(&self))
        }
        return elements
    }

    /// Passes over a value, which is checked all the same.
    mutating func skipValue(depth: Int = 0) throws(Unsure) {
        guard depth < Self.depthLimit else { throw Unsure() }
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"): try skipElements(upTo: "}", depth: depth, areNamed: true)
        case UInt8(ascii: "["): try skipElements(upTo: "]", depth: depth, areNamed: false)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        case UInt8(ascii: "n"): try word("null")
        default: try skipNumber()
        }
    }

    private mutating func skipElements(upTo end: Unicode.Scalar, depth: Int, areNamed: Bool) throws(Unsure) {
        offset += 1
        var isFirst = true
        while !take(end) {
            if !isFirst { try expect(",") }
            isFirst = false
            if areNamed {
                _ = try string()
                try expect(":")
            }
            try skipValue(depth: depth + 1)
        }
    }

    private mutating func skipNumber() throws(Unsure) {
        if peek() == UInt8(ascii: "-") { offset += 1 }
        if peek() == UInt8(ascii: "0") { offset += 1 } else { try skipDigits() }
        if peek() == UInt8(ascii: ".") {
            offset += 1
            try skipDigits()
        }
        guard peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") else { return }
        offset += 1
        if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { offset += 1 }
        try skipDigits()
    }

    private mutating func skipDigits() throws(Unsure) {
        guard digit() != nil else { throw Unsure() }
        while digit() != nil {}
    }

    /// Takes a decimal digit.
    private mutating func digit() -> UInt8? {
        let value = peek() &- UInt8(ascii: "0")
        guard value <= 9 else { return nil }
        offset += 1
        return value
    }

    private mutating func word(_ word: StaticString) throws(Unsure) {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[offset..<end]) }) else { throw Unsure() }
        offset = end
    }

    private mutating func skipBlanks() {
        while true {
            switch peek() {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    /// The next byte, and 0 at the end, which stands nowhere in JSON.
    private func peek() -> UInt8 {
        offset < bytes.count ? bytes[offset] : 0
    }
}

/// Strings that are not plain ASCII.
extension MessageReader {
    private func text(_ bytes: ArraySlice<UInt8>, isASCII: Bool) throws(Unsure) -> String {
        if isASCII { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Unsure() }
        return text
    }

    /// The rest of a string from its first escape on, after `beginning`.
    private mutating func escapedString(_ beginning: [UInt8]) throws(Unsure) -> String {
        var result = beginning
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(result[...], isASCII: false)
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0x20...: result.append(byte)
            default: throw Unsure()
            }
        }
        throw Unsure()
    }

    /// Takes what follows a backslash.
    private mutating func escape(into result: inout [UInt8]) throws(Unsure) {
        let letter = peek()
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): result.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw Unsure()
        }
    }

    /// One code unit of UTF-16, or two that make a pair.
    private mutating func escapedScalar() throws(Unsure) -> Character {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        try word("\\u")
        let second = try codeUnit()
        guard (0xD800...0xDBFF).contains(first), (0xDC00...0xDFFF).contains(second) else { throw Unsure() }
        let pair = 0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00
        guard let scalar = Unicode.Scalar(pair) else { throw Unsure() }
        return Character(scalar)
    }

    private mutating func codeUnit() throws(Unsure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue else { throw Unsure() }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}
