import FoundationEssentials
import Testing

@testable import HTTPClient

@Suite(.timeLimit(.minutes(1)))
struct CookieTests {
    /// A field, the address that sets it, the address that is asked next, and what is sent there.
    private static let cases: [(String, String, String, String?)] = [
        ("a=b", "http://h/x", "http://h/", "a=b"),
        ("a=b", "http://h/", "http://h:99/", "a=b"),
        ("a=b", "http://h.net/", "http://sub.h.net/", nil),
        ("a=b; Domain=h.net", "http://h.net/", "http://sub.h.net/", "a=b"),
        ("a=b; Domain=.H.net", "http://sub.h.net/", "http://h.net/", "a=b"),
        ("a=b; Domain=h.net", "http://sub.h.net/", "http://evilh.net/", nil),
        ("a=b; Domain=other.net", "http://h.net/", "http://other.net/", nil),
        ("a=b; Domain=net", "http://h.net/", "http://h.net/", nil),
        ("a=b; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1/", nil),
        ("a=b; Path=/api", "http://h/", "http://h/api", "a=b"),
        ("a=b; Path=/api", "http://h/", "http://h/api/x?y", "a=b"),
        ("a=b; Path=/api", "http://h/", "http://h/apix", nil),
        ("a=b; Path=api", "http://h/d/e", "http://h/d/f", "a=b"),
        ("a=b", "http://h/d/e", "http://h/f", nil),
        ("a=b; Secure", "https://h/", "http://h/", nil),
        ("a=b; Secure", "https://h/", "https://h/", "a=b"),
        ("a=b; Max-Age=1", "http://h/", "http://h/", "a=b"),
        ("a=b; Max-Age=0", "http://h/", "http://h/", nil),
        ("a=b; Max-Age=-5", "http://h/", "http://h/", nil),
        ("a=b; Max-Age=x", "http://h/", "http://h/", "a=b"),
        ("a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://h/", "http://h/", "a=b"),
        ("a=b; expires=Thu, 01-Jan-1970 00:00:10 GMT", "http://h/", "http://h/", nil),
        ("a=b; expires=Wed, 01 Jan 2031 00:00:00 GMT", "http://h/", "http://h/", "a=b"),
        ("a=b; expires=sometime", "http://h/", "http://h/", "a=b"),
        (" a = b c ; x", "http://h/", "http://h/", "a=b c"),
        ("a=", "http://h/", "http://h/", "a="),
        ("=b", "http://h/", "http://h/", nil),
        ("nothing", "http://h/", "http://h/", nil),
        ("a=b\u{1}", "http://h/", "http://h/", nil),
        ("a=b", "http://[::1]:80/", "http://[::1]/", "a=b"),
    ]

    private static let noon2030 = 1_893_499_200.0
    private let clock = TestClock(noon2030)

    private func jar() -> CookieJar {
        CookieJar(now: { [clock] in Date(timeIntervalSince1970: clock.now) })
    }

    private func header(after cookies: [String], from origin: String, to target: String) throws -> String? {
        let jar = jar()
        jar.store(cookies.map { ("Set-Cookie", $0) }, from: try WebAddress(origin))
        return jar.header(for: try WebAddress(target))
    }

    @Test func `keeps a cookie of any name and sends it with later requests and redirects`() async throws {
        let server = try ScriptedServer { request, connection in
            switch request.target {
            case "/login":
                connection.respond("302 Found", ["Location: /home", "Set-Cookie: QBT_SID_8080=a+/=; HttpOnly"])
            default:
                connection.respond()
            }
        }
        let client = HTTPClient()
        var request = HTTPClientRequest(method: "POST", url: server.url("/login"))
        let jar = jar()
        request.cookies = jar
        _ = try await client.send(request)
        request.headers = [("Cookie", "own=1")]
        _ = try await client.send(request)
        request.cookies = self.jar()
        request.headers = []
        request.url = server.url("/home")
        _ = try await client.send(request)
        let sent = ["", "QBT_SID_8080=a+/=", "own=1; QBT_SID_8080=a+/=", "own=1; QBT_SID_8080=a+/=", ""]
        #expect(server.requests.map { $0["cookie"] ?? "" } == sent)
    }

    @Test(arguments: cases)
    func `sends a cookie where RFC 6265 wants it`(
        cookie: String,
        origin: String,
        target: String,
        expected: String?
    ) throws {
        #expect(try header(after: [cookie], from: origin, to: target) == expected)
    }

    @Test func `puts longer paths and older cookies first`() throws {
        let cookies = ["a=1; Path=/", "b=2; Path=/x/y", "c=3; Path=/", "a=4; Path=/"]
        #expect(try header(after: cookies, from: "http://h/", to: "http://h/x/y/z") == "b=2; a=4; c=3")
    }

    @Test func `drops a cookie when its time has come or the server takes it back`() throws {
        let jar = jar()
        let address = try WebAddress("http://h/")
        jar.store([("set-cookie", "a=1; Max-Age=60"), ("set-cookie", "b=2")], from: address)
        clock.advance(by: 59)
        #expect(jar.header(for: address) == "a=1; b=2")
        clock.advance(by: 1)
        #expect(jar.header(for: address) == "b=2")
        jar.store([("set-cookie", "b=; Max-Age=0")], from: address)
        #expect(jar.header(for: address) == nil)
    }

    @Test func `keeps at most 50 cookies for a host, the newest`() throws {
        let cookies = (0..<60).map { "c\($0)=" }
        let kept = try header(after: cookies, from: "http://h/", to: "http://h/")
        #expect(kept == (10..<60).map { "c\($0)=" }.joined(separator: "; "))
    }
}
