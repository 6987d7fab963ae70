import FoundationEssentials
import Testing

@testable import HTTPServer

@Suite("A router")
struct RouterTests {
    private let router: Router

    init() {
        var router = TestServer.router()
        for pattern in [
            "/", "/api/items", "/api/items/:id", "/api/items/bulk", "/api/items/:id/files/:file",
            "/api/items/bulk/special",
            "/assets/*rest", "/assets/fixed",
        ] {
            router.get(pattern) { request in
                .text(
                    pattern + " "
                        + zip(request.parameters.names, request.parameters.values).map { "\($0)=\($1)" }.joined(
                            separator: ","
                        )
                )
            }
        }
        router.post("/api/items") { _ in .empty(.created) }
        router.delete("/api/items/:id") { _ in .empty(.noContent) }
        router.get("/async") { _ async in .text("async") }
        self.router = router
    }

    @Test(
        "picks literals before parameters before catch-alls",
        arguments: [
            ("/", "/ "), ("/api/items", "/api/items "), ("/api/items/", "/api/items "),
            ("/api/items/7", "/api/items/:id id=7"), ("/api/items/bulk", "/api/items/bulk "),
            ("/api/items/bulk/special", "/api/items/bulk/special "),
            ("/api/items/bulk/files/x", "/api/items/:id/files/:file id=bulk,file=x"),
            ("/api/items/a%2Fb/files/c%3Fd?q=1", "/api/items/:id/files/:file id=a/b,file=c?d"),
            ("/api/items/a+b", "/api/items/:id id=a+b"), ("/assets/a/b%20c/d", "/assets/*rest rest=a/b c/d"),
            ("http://h/api/items", "/api/items "), ("HTTPS://h:1/api/items/7?q", "/api/items/:id id=7"),
            ("http://h", "/ "), ("http://h?q=/api/items", "/ "), ("/assets/fixed", "/assets/fixed "),
            ("/assets/", "/assets/*rest rest="),
        ]
    )
    func picks(target: String, expected: String) async {
        let response = await router.respond(to: HTTPRequest(.get, target))
        guard case .bytes(let bytes) = response.body else { Issue.record("no body"); return }
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(
        "knows nothing at other addresses",
        arguments: [
            "/api", "/api/items/7/files", "/api//items", "/assets/../x", "/assets/a/%2e%2E/x", "/assets/a%2Fb", "/x",
        ]
    )
    func unknown(target: String) async {
        #expect(await router.respond(to: HTTPRequest(.get, target)).status == .notFound)
    }

    @Test(
        "refuses malformed addresses",
        arguments: ["", "x", "/%", "/%4", "/%zz", "/%00", "/a b", "/\u{7F}", "/api/items/%FF"]
    )
    func malformed(target: String) async {
        #expect(await router.respond(to: HTTPRequest(.get, target)).status == .badRequest)
    }

    @Test(
        "names the methods of an address",
        arguments: [
            ("/api/items", HTTPMethod.put, 405, "GET, HEAD, POST, OPTIONS"),
            ("/api/items/7", .post, 405, "GET, HEAD, DELETE, OPTIONS"),
            ("/api/items", .other, 405, "GET, HEAD, POST, OPTIONS"),
            ("/api/items/7", .options, 204, "GET, HEAD, DELETE, OPTIONS"),
        ]
    )
    func methods(target: String, method: HTTPMethod, status: Int, allow: String) async {
        let response = await router.respond(to: HTTPRequest(method, target))
        #expect(response.status.code == status)
        #expect(response.headers["Allow"] == allow)
    }

    @Test("answers HEAD by the route of GET")
    func head() async {
        #expect(await router.respond(to: HTTPRequest(.head, "/api/items")).status == .ok)
    }

    @Test("lists its routes and tells the two kinds of closures apart")
    func lists() {
        #expect(router.routes.count == 11)
        #expect(router.routes.first?.pattern == "/")
        guard case .immediate = router.table[0].handler, case .suspending = router.table[10].handler else {
            Issue.record("the wrong kind of handler")
            return
        }
    }
}
