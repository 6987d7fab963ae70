import FoundationEssentials
import HTTPServer
import Testing

@testable import Host

@Suite("Sessions of browsers")
struct SessionTests {
    @Test("each has a secret of its own, of which only the hash is kept")
    func secrets() {
        let (first, secret) = Session.make(for: .anonymous, now: ManualClock.start)
        let (_, other) = Session.make(for: .anonymous, now: ManualClock.start)
        #expect(secret != other && secret.count >= 43)
        #expect(first.hash == Session.hash(of: secret) && first.expires == ManualClock.start + 30 * 86_400)
    }

    @Test(
        "the cookie is found among others",
        arguments: [
            ("kinodock_session=a", "a"), ("x=1; kinodock_session=a=b ; y=2", "a=b"), ("x=kinodock_session", nil),
            ("kinodock_session_other=a", nil), ("kinodock_session", nil), ("", nil),
        ] as [(String, String?)]
    )
    func cookie(header: String, value: String?) {
        #expect(Session.secret(in: HTTPRequest(.get, "/", headers: ["Cookie": header])) == value)
    }

    @Test("scripts cannot read the cookie, and other sites cannot send it along")
    func attributes() {
        let cookie = Session.setCookie("s", isSecure: true)
        for part in ["kinodock_session=s;", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=2592000"] {
            #expect(cookie.contains(part))
        }
        #expect(!Session.setCookie("s", isSecure: false).contains("Secure"))
        #expect(Session.setCookie(nil, isSecure: false).contains("Max-Age=0"))
    }
}
