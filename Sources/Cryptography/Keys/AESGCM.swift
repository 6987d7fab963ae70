internal import CCrypto
internal import FoundationEssentials

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) with one key.
///
/// Unchecked: the key is written in `init` and wiped in `deinit`, and only read between the two; the algorithm is
/// OpenSSL's, which never changes it.
final class AESGCM: @unchecked Sendable {
    static let keySize = 32
    static let nonceSize = 12
    static let tagSize = 16

    private let key: UnsafeMutableBufferPointer<UInt8>
    private let algorithm: OpaquePointer

    /// Takes a copy of the key, in memory that is wiped when it is no longer used.
    init(key: [UInt8]) {
        precondition(key.count == Self.keySize)
        guard let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) else {
            CryptographyError.endProcess("find AES-256-GCM")
        }
        self.algorithm = algorithm
        self.key = .allocate(capacity: key.count)
        _ = self.key.initialize(from: key)
    }

    deinit {
        OPENSSL_cleanse(key.baseAddress, key.count)
        key.deallocate()
        EVP_CIPHER_free(algorithm)
    }

    /// The encrypted bytes and the tag that proves them and `associated`.
    func encrypt(
        _ plain: Data,
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptographyError) -> Data {
        let context = try start(nonce: nonce, encrypts: true)
        defer { EVP_CIPHER_CTX_free(context) }
        var output = Data(count: plain.count + Self.tagSize)
        let isDone = output.withUnsafeMutableBytes { output in
            guard let start = output.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
            let tag = start + plain.count
            return Self.update(context, plain, associated, into: start) && Self.finish(context)
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), tag) == 1
        }
        guard isDone else { throw .last("encrypt") }
        return output
    }

    /// The plain bytes; `nil` if the tag does not prove them and `associated`.
    func decrypt(
        _ encrypted: Data,
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptographyError) -> Data? {
        let context = try start(nonce: nonce, encrypts: false)
        defer { EVP_CIPHER_CTX_free(context) }
        let body = encrypted.dropLast(Self.tagSize)
        var tag = [UInt8](encrypted.suffix(Self.tagSize))
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag) == 1 else {
            throw .last("decrypt")
        }
        // One byte more, so that there is an address even for nothing.
        var output = Data(count: body.count + 1)
        let isAuthentic = output.withUnsafeMutableBytes { output in
            guard let start = output.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
            return Self.update(context, body, associated, into: start) && Self.finish(context)
        }
        ERR_clear_error()
        return isAuthentic ? output.dropLast() : nil
    }

    private func start(nonce: [UInt8], encrypts: Bool) throws(CryptographyError) -> OpaquePointer {
        precondition(nonce.count == Self.nonceSize)
        guard let context = EVP_CIPHER_CTX_new() else { throw .last("prepare a cipher") }
        guard EVP_CipherInit_ex2(context, algorithm, key.baseAddress, nonce, encrypts ? 1 : 0, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .last("prepare a cipher")
        }
        return context
    }

    private static func update(
        _ context: OpaquePointer,
        _ input: Data,
        _ associated: [UInt8],
        into output: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        var count: Int32 = 0
        guard EVP_CipherUpdate(context, nil, &count, associated, Int32(associated.count)) == 1 else { return false }
        // For GCM, nothing to process is not the same as the end: OpenSSL takes a null input for the latter.
        guard !input.isEmpty else { return true }
        return input.withUnsafeBytes { input in
            let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return EVP_CipherUpdate(context, output, &count, start, Int32(input.count)) == 1
        }
    }

    private static func finish(_ context: OpaquePointer) -> Bool {
        // GCM has no bytes left at the end, but OpenSSL wants a place for a block.
        var rest = [UInt8](repeating: 0, count: 16)
        var count: Int32 = 0
        return EVP_CipherFinal_ex(context, &rest, &count) == 1
    }
}
