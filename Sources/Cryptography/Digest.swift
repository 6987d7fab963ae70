internal import CCrypto

/// A hash algorithm, looked up once: OpenSSL searches its providers at each use otherwise.
///
/// Unchecked: OpenSSL counts references to algorithms atomically and never changes them.
struct Digest: @unchecked Sendable {
    let algorithm: OpaquePointer
    /// Bytes of a hash.
    let size: Int

    static let sha256 = Digest("SHA256", size: 32)

    private init(_ name: String, size: Int) {
        guard let algorithm = EVP_MD_fetch(nil, name, nil) else { CryptographyError.endProcess("find \(name)") }
        self.algorithm = algorithm
        self.size = size
    }

    /// The hash of some bytes.
    func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, nil, algorithm, nil) == 1 else {
                CryptographyError.endProcess("hash")
            }
            count = size
        }
    }
}
