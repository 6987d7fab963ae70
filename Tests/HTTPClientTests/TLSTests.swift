import FoundationEssentials
import Glibc
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    @Test func `refuses a self-signed certificate unless told not to check`() async throws {
        let server = try TLSServer()
        let client = HTTPClient()
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/?apikey=hush")
        request.verifiesCertificate = false
        #expect(try await client.send(request).status == 200)
        // The connection that was not checked is still open and must not serve the request that is.
        request.verifiesCertificate = true
        let error = await failure { () throws(HTTPClientError) in try await client.send(request) }
        #expect(error?.code == .tls)
        #expect(error?.message.contains("self-signed") == true)
        #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
        #expect(error?.message.contains("hush") == false)
    }
}
