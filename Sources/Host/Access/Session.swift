import Cryptography
import FoundationEssentials
import HTTPServer
import PluginAPI

/// A browser that has shown a key, remembered by a cookie.
struct Session: Sendable {
    static let cookie = "kinodock_session"
    static let lifetime: TimeInterval = 30 * 86400

    /// SHA-256 of the cookie's value.
    let hash: [UInt8]
    let caller: Caller
    let expires: Date

    static func make(for caller: Caller, now: Date) -> (session: Session, secret: String) {
        let secret = RandomBytes.token(bytes: 32)
        return (Session(hash: hash(of: secret), caller: caller, expires: now.addingTimeInterval(lifetime)), secret)
    }

    static func hash(of secret: String) -> [UInt8] { Hash.sha256(Data(secret.utf8)) }

    /// The cookie's value in a request, or `nil`.
    static func secret(in request: HTTPRequest) -> String? {
        guard let header = request.headers["Cookie"] else { return nil }
        for pair in header.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].trimmed == cookie { return parts[1].trimmed }
        }
        return nil
    }

    /// The value of `Set-Cookie` that keeps `secret`, or with `nil` forgets it.
    static func setCookie(_ secret: String?, isSecure: Bool) -> String {
        let age = secret == nil ? 0 : Int(lifetime)
        return "\(cookie)=\(secret ?? ""); Path=/; Max-Age=\(age); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }
}
