public import struct FoundationEssentials.Data

/// Message authentication codes with SHA-256 (RFC 2104, FIPS 198-1): who knows the key can tell that a message is genuine.
public enum HMACSHA256 {
    /// The code of `message` as 64 lower-case hexadecimal digits.
    public static func hex(of message: Data, key: Data) -> String {
        let block = padded(key)
        let inner = SHA256.digest(block.map { $0 ^ 0x36 } + message)
        return SHA256.hex(block.map { $0 ^ 0x5C } + inner)
    }

    /// The key as one block of the hash.
    private static func padded(_ key: Data) -> [UInt8] {
        let short = key.count > 64 ? SHA256.digest(key) : Array(key)
        return short + [UInt8](repeating: 0, count: 64 - short.count)
    }
}
