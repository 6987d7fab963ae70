import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

/// Sends nothing, and keeps what it was asked to send.
private final class RecordingHTTP: ServiceHTTP {
    private let sent = Mutex<[ServiceRequest]>([])

    var requests: [ServiceRequest] { sent.withLock { $0 } }

    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        sent.withLock { $0.append(request) }
        return ServiceResponse(status: 404, headers: [HeaderField("A", "b")], url: request.url, body: Data("no".utf8))
    }
}

private final class MemoryStore: KeyValueStore {
    private let values = Mutex<[String: Data]>([:])

    func value(for key: String) async throws -> Data? { values.withLock { $0[key] } }
    func setValue(_ value: Data?, for key: String) async throws { values.withLock { $0[key] = value } }
}

@Suite("The host's services", .timeLimit(.minutes(1)))
struct HostServiceTests {
    private let http = RecordingHTTP()
    private let services: InstanceServices

    init() {
        services = InstanceServices(
            http: http,
            store: MemoryStore(),
            makeFolders: { () throws(PluginError) in HostFolders(data: "one", downloads: "all") },
            clock: { Date(timeIntervalSince1970: 1.5) },
            emitEvent: { _, _ in },
            writeLog: { _, _, _ in }
        )
    }

    private func run(
        _ method: String,
        _ json: String,
        attachment: Data? = nil
    ) async throws -> (json: String, attachment: Data?) {
        let answer = try await HostService(services: services).answer(
            method: method,
            json: Data(json.utf8),
            attachment: attachment
        )
        return (String(decoding: answer.json, as: UTF8.self), answer.attachment)
    }

    @Test("name the folders in which files may be kept")
    func folders() async throws {
        let answer = try await run("host.folders", "{}")
        #expect(
            try JSONDecoder().decode([String: String].self, from: Data(answer.json.utf8)) == [
                "data": "one", "downloads": "all",
            ]
        )
    }

    @Test("send a request of which only the address is given")
    func shortRequest() async throws {
        let answer = try await run("http.send", #"{"url":"http://nas/"}"#, attachment: Data("body".utf8))
        let request = try #require(http.requests.first)
        var expected = ServiceRequest("GET", "http://nas/")
        expected.body = Data("body".utf8)
        #expect(request == expected)
        #expect(answer.json.contains(#""status":404"#) && answer.attachment == Data("no".utf8))
    }

    @Test("send a request with everything in it")
    func wholeRequest() async throws {
        _ = try await run(
            "http.send",
            """
            {"method":"PUT","url":"https://nas/","headers":[{"name":"A","value":"b"}],"timeout":5,"max_bytes":6,
             "follows_redirects":false,"uses_cookies":false,"verifies_certificate":false,"later":1}
            """
        )
        let request = try #require(http.requests.first)
        #expect(request.method == "PUT" && request.headers == [HeaderField("A", "b")])
        #expect(request.timeout == 5 && request.maxBytes == 6)
        #expect(!request.followsRedirects && !request.usesCookies && !request.verifiesCertificate)
    }

    @Test(
        "refuse what makes no sense, and name the field",
        arguments: [
            ("http.send", #"{}"#, "url"), ("http.send", #"{"url":"file:///etc/passwd"}"#, "url"),
            ("http.send", #"{"url":"http://nas/","timeout":"long"}"#, "timeout"), ("kv.get", #"{}"#, "key"),
            ("http.send", #"{"url":"http://nas/","timeout":0}"#, "timeout"),
            ("http.send", #"{"url":"http://nas/","timeout":99999999999}"#, "timeout"),
            ("http.send", #"{"url":"http://nas/","max_bytes":-1}"#, "max_bytes"),
            ("http.send", #"{"url":"http://nas/","max_bytes":9223372036854775807}"#, "max_bytes"),
            ("kv.set", #"{"key":""}"#, "key"), ("events.emit", #"{"details":{}}"#, "event"),
        ]
    )
    func refusals(method: String, json: String, field: String) async throws {
        let error = await #expect(throws: PluginError.self) { try await run(method, json) }
        #expect(error?.code.value == .invalid)
        #expect(error?.field == field)
        #expect(http.requests.isEmpty)
    }

    @Test("keep values, also empty ones, until they are deleted")
    func values() async throws {
        #expect(try await run("kv.get", #"{"key":"k"}"#).json == #"{"found":false}"#)
        _ = try await run("kv.set", #"{"key":"k"}"#)
        #expect(try await run("kv.get", #"{"key":"k"}"#).json == #"{"found":true}"#)
        _ = try await run("kv.set", #"{"key":"k"}"#, attachment: Data("v".utf8))
        #expect(try await run("kv.get", #"{"key":"k"}"#).attachment == Data("v".utf8))
        _ = try await run("kv.delete", #"{"key":"k"}"#)
        #expect(try await run("kv.get", #"{"key":"k"}"#).json == #"{"found":false}"#)
    }

    @Test("refuse a value above the limit")
    func largeValue() async throws {
        let value = Data(count: InstanceServices.largestValue + 1)
        let error = await #expect(throws: PluginError.self) {
            try await run("kv.set", #"{"key":"k"}"#, attachment: value)
        }
        #expect(error?.message.contains("1048576") == true)
    }

    @Test("tell the time, and say which service there is not")
    func others() async throws {
        #expect(try await run("clock.now", "{}").json == #"{"unix_ms":1500}"#)
        let error = await #expect(throws: PluginError.self) { try await run("coffee.make", "{}") }
        #expect(error?.code.value == .unsupported)
        #expect(error?.message.contains("coffee.make") == true)
    }
}
