/// Base 32 (RFC 4648, section 6), in which some magnet links write their info hash.
package enum Base32 {
    /// The bytes; `nil` unless the text is digits of the alphabet, of either case, with all of its padding or none.
    ///
    /// Bits left over at the end must be zero, so that each byte string has one spelling.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.utf8.dropFirst(digits.count)
        guard isWellPadded(digits: digits.count, padding: padding) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 5 / 8)
        var bits: UInt16 = 0
        var bitCount = 0
        for character in digits {
            guard let value = value(of: character) else { return nil }
            bits = bits << 5 | value
            bitCount += 5
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt16(bitCount)))
            bits &= 1 << UInt16(bitCount) - 1
        }
        return bits == 0 ? bytes : nil
    }

    private static func isWellPadded(digits: Int, padding: some Collection<UInt8>) -> Bool {
        // 1, 3 or 6 digits more than a block of eight end in the middle of a byte.
        guard ![1, 3, 6].contains(digits % 8), padding.allSatisfy({ $0 == UInt8(ascii: "=") }) else { return false }
        return padding.isEmpty || padding.count < 8 && (digits + padding.count).isMultiple(of: 8)
    }

    private static func value(of character: UInt8) -> UInt16? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt16(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt16(character - UInt8(ascii: "a"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt16(character - UInt8(ascii: "2")) + 26
        default: nil
        }
    }
}
