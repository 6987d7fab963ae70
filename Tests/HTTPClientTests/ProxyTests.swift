import FoundationEssentials
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
    @Test func `sends requests through the proxy of the client or of the request, or none`() async throws {
        let proxy = try ScriptedServer { $1.respond("299 Proxied") }
        let server = try ScriptedServer { $1.respond() }
        let client = HTTPClient(configuration: .init(defaultProxy: "http://u:p@127.0.0.1:\(proxy.port)"))
        var request = HTTPClientRequest(url: server.url("/x"))
        #expect(try await client.send(request).status == 299)
        request.proxy = ""
        #expect(try await client.send(request).status == 200)
        #expect(proxy.requests.map(\.target) == [server.url("/x")])
        #expect(proxy.requests.first?["proxy-authorization"] == "Basic dTpw")
    }

    @Test(arguments: ["ftp://h:1", "http://", "::::", "http://h:p:q"])
    func `refuses a proxy's address that makes no sense`(proxy: String) async {
        var request = HTTPClientRequest(url: "http://127.0.0.1:1/")
        request.proxy = proxy
        let error = await failure { () throws(HTTPClientError) in try await HTTPClient().send(request) }
        #expect(error?.code == .proxy)
    }

    @Test func `says proxy, and which, without secrets, when it cannot be reached or refuses`() async throws {
        let gone = try ScriptedServer(answer: "").port
        let strict = try ScriptedServer { $1.respond("407 Proxy Authentication Required") }
        for (port, url) in [(gone, "http://h.invalid/"), (strict.port, "https://h.invalid/")] {
            var request = HTTPClientRequest(url: url)
            request.proxy = "http://u:hush@127.0.0.1:\(port)"
            let error = await failure { () throws(HTTPClientError) in try await HTTPClient().send(request) }
            #expect(error?.code == .proxy)
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
            #expect(error?.message.contains("hush") == false)
        }
    }
}
