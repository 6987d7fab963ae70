import FoundationEssentials
import PluginAPI
import Testing

struct ServiceEndpointTests {
    private let host = RecordedHost()

    private func endpoint(tls: Bool = false) throws -> ServiceEndpoint {
        let address = try ServiceAddress(host: "127.0.0.1", port: 9, tls: tls, urlBase: "")
        return ServiceEndpoint(product: "Dock", interface: "its web interface", address: address, host: host)
    }

    private func failure(tls: Bool, _ code: PluginError.Code) async throws -> PluginError? {
        host.always(.init("GET", "/x", failing: PluginError(code, "127.0.0.1:9 is odd.")))
        let endpoint = try endpoint(tls: tls)
        return await #expect(throws: PluginError.self) { try await endpoint.exchange(endpoint.request("GET", "x")) }
    }

    @Test("a program that cannot be reached may speak the other of http and https", arguments: [true, false])
    func unreachable(tls: Bool) async throws {
        let error = try #require(try await failure(tls: tls, .unreachable))
        #expect(error.message.hasSuffix(tls ? "turn HTTPS off." : "turn HTTPS on."))
        #expect(error.message.contains("127.0.0.1:9 is odd. Its web interface has to be on as well."))
    }

    @Test("one that hangs may not speak TLS, which some answer with silence")
    func silent() async throws {
        #expect(try await failure(tls: true, .timeout)?.message.contains("turn HTTPS off") == true)
        let plain = try #require(try await failure(tls: false, .timeout)?.message)
        #expect(plain.contains("15 seconds") && !plain.contains("HTTPS"))
    }

    @Test("an answer that the program never gives is said to be another program's", arguments: [400, 401, 405, 501])
    func stranger(status: Int) throws {
        let error = try endpoint().failure(ServiceResponse(status: status), doing: "log in")
        #expect(error.code.value == .badResponse && error.field == "port")
        #expect(error.message.contains("another program"))
    }

    @Test("the program's own reason stands for itself, and a broken one has a log")
    func reasons() throws {
        let refusal = ServiceResponse(status: 400, body: Data("The label is bad.\n".utf8))
        let error = try endpoint().failure(refusal, doing: "log in")
        #expect(error.message.hasSuffix("answers 400: The label is bad.") && error.field == nil)
        let broken = try endpoint().failure(ServiceResponse(status: 500), doing: "log in")
        #expect(broken.code.value == .remoteFailure && broken.message.contains("log"))
    }
}
