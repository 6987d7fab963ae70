/// Percent-encoding (RFC 3986 section 2.1).
enum PercentCoding {
    /// Decodes, and keeps a `%` that is not followed by two hexadecimal digits as it is.
    static func decodeLeniently(_ text: some Sequence<UInt8>, plusIsSpace: Bool) -> [UInt8] {
        let source = Array(text)
        guard source.contains(where: { $0 == percent || (plusIsSpace && $0 == plus) }) else { return source }
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            if source[index] == percent, let byte = octet(in: source[...], at: index) {
                result.append(byte)
                index += 3
            } else {
                result.append(plusIsSpace && source[index] == plus ? 0x20 : source[index])
                index += 1
            }
        }
        return result
    }

    /// The byte that the escape at `index` stands for; `nil` when the two digits are missing.
    static func octet(in bytes: some RandomAccessCollection<UInt8>, at index: Int) -> UInt8? {
        let bytes = bytes.dropFirst(index + 1).prefix(2)
        guard bytes.count == 2, let first = bytes.first.flatMap(digit), let second = bytes.last.flatMap(digit) else {
            return nil
        }
        return first << 4 | second
    }

    /// The value of a hexadecimal digit.
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    static let percent = UInt8(ascii: "%")
    private static let plus = UInt8(ascii: "+")
}
