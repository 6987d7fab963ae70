/// A hash of the SHA family with blocks of 64 bytes (FIPS 180-4).
///
/// The SDK links no library for it, for it hashes no more than the description of a torrent or a short message.
protocol BlockHash {
    init()

    /// Takes in the 64 bytes of `bytes` that begin at `start`.
    mutating func update(_ bytes: [UInt8], at start: Int)

    /// The digest so far, in words of 32 bits.
    var words: [UInt32] { get }
}

extension BlockHash {
    /// The digest of `bytes` in lower-case hexadecimal.
    static func hex(_ bytes: some Collection<UInt8>) -> String { words(bytes).map(Self.hex).joined() }

    /// The digest of `bytes`.
    static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        words(bytes).flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }

    private static func words(_ bytes: some Collection<UInt8>) -> [UInt32] {
        let message = Array(bytes)
        var hash = Self()
        let whole = message.count / 64 * 64
        for start in stride(from: 0, to: whole, by: 64) { hash.update(message, at: start) }
        let tail = padded(message[whole...], total: message.count)
        for start in stride(from: 0, to: tail.count, by: 64) { hash.update(tail, at: start) }
        return hash.words
    }

    /// The big-endian word that begins at `index`.
    static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
        UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
            | UInt32(bytes[index + 3])
    }

    private static func padded(_ rest: ArraySlice<UInt8>, total: Int) -> [UInt8] {
        var tail = Array(rest) + [0x80]
        while tail.count % 64 != 56 { tail.append(0) }
        let bits = UInt64(total) * 8
        return tail + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
    }

    private static func hex(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension UInt32 {
    func rotatedLeft(_ count: UInt32) -> UInt32 { self << count | self >> (32 - count) }
    func rotatedRight(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}
