/// Walks through bencoded bytes (BEP 3) without building values: a torrent is hashed as it stands.
///
/// Strict where it matters: lengths and numbers without leading zeros, numbers of 64 bits, no `-0`, keys that are
/// strings, and a limit to nesting. Keys out of order are let through, for such torrents are about.
struct BencodeReader {
    /// The input is not bencoded; `offset` says where that shows.
    struct Damage: Error, Hashable {
        var offset: Int
    }

    /// Nesting that no torrent needs; a v2 file tree takes one level for each folder.
    private static let depthLimit = 100

    let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// The byte that comes next, which tells the kind of value.
    func peek() throws(Damage) -> UInt8 {
        guard offset < bytes.count else { throw Damage(offset: offset) }
        return bytes[offset]
    }

    /// Takes a byte that must be `expected`.
    mutating func take(_ expected: Character) throws(Damage) {
        guard try peek() == expected.asciiValue else { throw Damage(offset: offset) }
        offset += 1
    }

    /// Takes `end` if it comes next.
    mutating func takeEnd() throws(Damage) -> Bool {
        guard try peek() == UInt8(ascii: "e") else { return false }
        offset += 1
        return true
    }

    /// Takes a string.
    mutating func string() throws(Damage) -> ArraySlice<UInt8> {
        let start = offset
        let length = try digits(isSigned: false)
        try take(":")
        guard length <= Int64(bytes.count - offset) else { throw Damage(offset: start) }
        defer { offset += Int(length) }
        return bytes[offset..<offset + Int(length)]
    }

    /// Takes a number.
    mutating func integer() throws(Damage) -> Int64 {
        try take("i")
        let value = try digits(isSigned: true)
        try take("e")
        return value
    }

    /// Takes any value, and gives where it stands.
    mutating func skip(depth: Int = 0) throws(Damage) -> Range<Int> {
        let start = offset
        guard depth < Self.depthLimit else { throw Damage(offset: start) }
        switch try peek() {
        case UInt8(ascii: "i"): _ = try integer()
        case UInt8(ascii: "l"):
            offset += 1
            while try !takeEnd() { _ = try skip(depth: depth + 1) }
        case UInt8(ascii: "d"):
            offset += 1
            while try !takeEnd() {
                _ = try string()
                _ = try skip(depth: depth + 1)
            }
        default: _ = try string()
        }
        return start..<offset
    }

    private mutating func digits(isSigned: Bool) throws(Damage) -> Int64 {
        let start = offset
        let isNegative = isSigned ? try peek() == UInt8(ascii: "-") : false
        if isNegative { offset += 1 }
        let first = offset
        var value: Int64 = 0
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
            let digit = Int64(bytes[offset] - UInt8(ascii: "0"))
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.subtractingReportingOverflow(digit)
            // Counted downwards, for the smallest number has no positive twin.
            guard !overflows, !overflowsToo else { throw Damage(offset: start) }
            value = sum
            offset += 1
        }
        let count = offset - first
        let hasLeadingZero = count > 1 && bytes[first] == UInt8(ascii: "0")
        guard count > 0, !hasLeadingZero, !(isNegative && value == 0), isNegative || value != .min else {
            throw Damage(offset: start)
        }
        return isNegative ? value : -value
    }
}
