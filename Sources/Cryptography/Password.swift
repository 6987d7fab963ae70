internal import CCrypto
internal import FoundationEssentials

/// Passwords, stored so that a stolen database does not give them away: scrypt (RFC 7914).
///
/// Hashing and verifying each take about a fifth of a second of processor time and 16 MiB by design: do them off the
/// cooperative pool, few at a time, and behind a limit of attempts.
package enum Password {
    /// A text that holds the parameters, a random salt and the hash: `$scrypt$ln=14,r=8,p=5$SALT$HASH`.
    package static func hash(_ password: String) throws(CryptographyError) -> String {
        let salt = RandomBytes.make(16)
        let hash = try Scrypt.standard.derive(from: password, salt: salt, count: 32)
        return "$scrypt$\(Scrypt.standard.text)$\(Base64URL.encode(salt))$\(Base64URL.encode(hash))"
    }

    /// Whether a password is the one that was hashed; `false` too for a text that `hash` cannot have made.
    package static func verify(_ password: String, against stored: String) -> Bool {
        let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let scrypt = Scrypt(text: parts[2]),
            let salt = Base64URL.decode(parts[3]), !salt.isEmpty,
            let wanted = Base64URL.decode(parts[4]), (16...64).contains(wanted.count),
            let found = try? scrypt.derive(from: password, salt: salt, count: wanted.count)
        else { return false }
        return ConstantTime.equals(found, wanted)
    }
}
