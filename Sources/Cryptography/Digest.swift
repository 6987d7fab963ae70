internal import CCrypto

/// A hash algorithm, looked up once: OpenSSL searches its providers at each use otherwise.
///
/// Unchecked: OpenSSL counts references to algorithms atomically and never changes them.
struct Digest: @unchecked Sendable {
    let algorithm: OpaquePointer
    /// Bytes of a hash.
    let size: Int

    static let sha1 = Digest("SHA1", size: 20)
    static let sha256 = Digest("SHA256", size: 32)

    private init(_ name: String, size: Int) {
        // Without its hashes the server can check no key and name no file: there is nothing to go on with.
        guard let algorithm = EVP_MD_fetch(nil, name, nil) else {
            fatalError("OpenSSL has no \(name): its configuration on this machine must allow the default provider")
        }
        self.algorithm = algorithm
        self.size = size
    }

    /// The hash of some bytes.
    func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            // Fails only without memory; a wrong hash would let wrong keys and files pass.
            guard EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, nil, algorithm, nil) == 1 else {
                fatalError("\(CryptographyError.last("hash"))")
            }
            count = size
        }
    }
}
