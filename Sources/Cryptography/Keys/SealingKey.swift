internal import CCrypto
package import FoundationEssentials

/// The key that protects stored secrets: what it sealed can be neither read nor changed without it (AES-256-GCM).
package struct SealingKey: Sendable {
    private let cipher: AESGCM

    /// A key that is there already.
    ///
    /// - Parameter bytes: exactly 32 random bytes.
    package init(bytes: [UInt8]) {
        precondition(bytes.count == AESGCM.keySize, "a key has \(AESGCM.keySize) bytes")
        cipher = AESGCM(key: bytes)
    }

    /// Encrypts, with a new random nonce each time.
    ///
    /// The result is a version byte, 12 bytes of nonce, the encrypted bytes, and 16 bytes that prove them: 29 more than
    /// `plain`. Random nonces are safe for 2^32 uses of a key.
    ///
    /// - Parameter context: where it belongs, such as a table, a row and a field; not secret, not stored, and needed to
    ///   open it. It keeps one secret from being put in the place of another.
    package func seal(_ plain: Data, context: String) throws(CryptographyError) -> Data {
        var sealed = Data([Self.version])
        let nonce = RandomBytes.make(AESGCM.nonceSize)
        sealed.append(contentsOf: nonce)
        sealed.append(try cipher.encrypt(plain, nonce: nonce, authenticating: Self.associated(context)))
        return sealed
    }

    /// Decrypts what `seal` made with the same context; anything else is an error, never wrong bytes.
    package func open(_ sealed: Data, context: String) throws(CryptographyError) -> Data {
        guard let version = sealed.first else { throw .notAuthentic(context: context) }
        guard version == Self.version else { throw .unknownVersion(version, context: context) }
        let body = sealed.dropFirst()
        guard body.count >= AESGCM.nonceSize + AESGCM.tagSize else { throw .notAuthentic(context: context) }
        let nonce = [UInt8](body.prefix(AESGCM.nonceSize))
        let encrypted = body.dropFirst(AESGCM.nonceSize)
        guard let plain = try cipher.decrypt(encrypted, nonce: nonce, authenticating: Self.associated(context)) else {
            throw .notAuthentic(context: context)
        }
        return plain
    }

    private static let version: UInt8 = 1

    private static func associated(_ context: String) -> [UInt8] { [version] + context.utf8 }
}
