/// The parameters of a query or of an urlencoded form, in order; `+` is a space and a key may repeat.
package struct QueryParameters: Sendable, Equatable {
    /// One `key=value`; a key without `=` has an empty value.
    package struct Pair: Sendable, Equatable {
        /// The decoded key.
        package let name: String
        /// The decoded value.
        package let value: String
    }

    /// All pairs in the order they came, at most 1,000 of them.
    package let pairs: [Pair]

    /// Parses `key=value&…`; an escape that is not one stays as it is.
    package init(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        pairs = bytes.split(separator: UInt8(ascii: "&"), maxSplits: 1_000).prefix(1_000).map(Self.pair)
    }

    /// The first value of `name`.
    package func first(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// Every value of `name`, in order.
    package func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    private static func pair(_ text: ArraySlice<UInt8>) -> Pair {
        let equals = text.firstIndex(of: UInt8(ascii: "="))
        let value = equals.map { text[($0 + 1)...] } ?? text[text.endIndex...]
        return Pair(name: decode(text[..<(equals ?? text.endIndex)]), value: decode(value))
    }

    private static func decode(_ text: some Sequence<UInt8>) -> String {
        String(decoding: PercentCoding.decodeLeniently(text, plusIsSpace: true), as: UTF8.self)
    }
}
