import PluginAPI
import Synchronization

/// Knows the server's secrets and takes them out of texts that leave it.
final class Redactor: Sendable {
    /// Shorter secrets are not looked for: they would blot out ordinary words.
    static let shortestSecret = 5

    private let secrets = Mutex<[String: Int]>([:])

    /// Hides `secret`, and what of it another program may repeat, until `forget` has been called as often.
    func remember(_ secret: String) {
        let forms = SecretForms(secret).all.filter { $0.utf8.count >= Self.shortestSecret }
        secrets.withLock { known in
            for form in forms { known[form, default: 0] += 1 }
        }
    }

    func forget(_ secret: String) {
        let forms = SecretForms(secret).all
        secrets.withLock { known in
            for form in forms {
                guard let count = known[form] else { continue }
                known[form] = count > 1 ? count - 1 : nil
            }
        }
    }

    /// `text` with every known secret replaced by `***`.
    func redact(_ text: String) -> String {
        let known = secrets.withLock { $0.isEmpty ? [] : Array($0.keys) }
        var result = text
        // The longest first, so that a secret which holds another one vanishes whole.
        for secret in known.sorted(by: { $0.utf8.count > $1.utf8.count }) where result.contains(secret) {
            result = result.replacing(secret, with: "***")
        }
        return result
    }

    /// `value` with every known secret in its texts replaced by `***`.
    func redact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(redact(text))
        case .array(let elements): .array(elements.map(redact))
        case .object(let members):
            .object(Dictionary(members.map { (redact($0), redact($1)) }) { first, _ in first })
        case .null, .bool, .integer, .number: value
        }
    }
}
