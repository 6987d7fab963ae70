import Cryptography
import FoundationEssentials

/// A stored API key.
///
/// The key itself is shown once, when it is made; only its hash is kept.
struct AccessKey: Sendable {
    let id: String
    var name: String
    var role: Role
    /// SHA-256 of the key.
    ///
    /// A key is 256 random bits, so a slow hash would add nothing.
    var hash: [UInt8]
    var created: Date
    var revoked: Date?

    /// A new key and its text.
    static func make(name: String, role: Role, now: Date) -> (key: AccessKey, secret: String) {
        let secret = "kd_" + RandomBytes.token(bytes: 32)
        let key = AccessKey(
            id: RandomBytes.uuid(),
            name: name,
            role: role,
            hash: Hash.sha256(Data(secret.utf8)),
            created: now
        )
        return (key, secret)
    }
}
