internal import CCrypto
package import FoundationEssentials

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, such as a file.
///
/// It ends the process where OpenSSL has no memory left: a wrong hash would let wrong files pass.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// A hash of nothing yet.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, Digest.sha256.algorithm, nil) == 1 else {
            CryptographyError.endProcess("hash")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next piece.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
            CryptographyError.endProcess("hash")
        }
    }

    /// Takes the next piece.
    package mutating func update(_ bytes: some ContiguousBytes) { bytes.withUnsafeBytes { update($0) } }

    /// The hash of all pieces, 32 bytes.
    package consuming func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Digest.sha256.size) { buffer, count in
            guard EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 else {
                CryptographyError.endProcess("hash")
            }
            count = Digest.sha256.size
        }
    }
}
