/// Cuts what a program writes into lines.
struct LineSplitter: Sendable {
    /// Bytes of a line; what is longer is dropped.
    private static let longest = 1 << 20

    private var rest: [UInt8] = []
    private var isTooLong = false

    /// Takes what came, and answers the lines that are complete now.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { lines += finish() }
            if rest.count + part.element.count > Self.longest { isTooLong = true } else { rest += part.element }
        }
        return lines
    }

    /// The last line, which has no end, if there is one.
    mutating func finish() -> [String] {
        defer {
            rest.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        return isTooLong || rest.isEmpty ? [] : [String(decoding: rest, as: UTF8.self)]
    }
}
