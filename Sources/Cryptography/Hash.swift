internal import CCrypto
package import FoundationEssentials

/// Hashes of bytes that are in memory.
package enum Hash {
    /// SHA-256 (FIPS 180-4), 32 bytes.
    package static func sha256(_ bytes: some ContiguousBytes) -> [UInt8] { bytes.withUnsafeBytes(Digest.sha256.hash) }

    /// SHA-256 of the UTF-8 bytes of a text, 32 bytes.
    package static func sha256(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { Digest.sha256.hash(UnsafeRawBufferPointer($0)) }
    }
}
