import FoundationEssentials
import PluginAPI
import Testing

/// The SDK's test kit, on which the tests of every plugin stand.
struct TestKitTests {
    private static let url = "http://127.0.0.1:8080"

    @Test("expected steps come in order, and the table serves what they do not fit")
    func order() async throws {
        let host = RecordedHost()
        host.always(.init("GET", "/a", text: "table"))
        host.expect(.init("GET", "/a", text: "first"))
        host.expect(.init("POST", "/b", text: "second"))
        var texts: [String] = []
        for (method, path) in [("GET", "/a"), ("GET", "/a"), ("POST", "/b?x=1")] {
            let response = try await host.send(ServiceRequest(method, Self.url + path))
            texts.append(String(decoding: response.body, as: UTF8.self))
        }
        #expect(texts == ["first", "table", "second"])
        #expect(host.unused.isEmpty && host.unexpected.isEmpty)
    }

    @Test("a request without an answer fails with its name and the step that was awaited")
    func unexpected() async throws {
        let host = RecordedHost()
        host.expect(.init("GET", "/a"))
        let error = await #expect(throws: PluginError.self) {
            try await host.send(ServiceRequest("GET", Self.url + "/b?x=1"))
        }
        #expect(error?.code.value == .internal)
        #expect(error?.message.contains("GET /b?x=1") == true && error?.message.contains("GET /a") == true)
        #expect(host.unexpected == ["GET /b?x=1"] && host.unused == ["GET /a"])
    }

    @Test("cookies come back to the host that set them, unless the request wants none")
    func cookies() async throws {
        let host = RecordedHost()
        host.always(
            .init("GET", "/") { _ in
                ServiceResponse(status: 200, headers: [HeaderField("set-cookie", "SID=a=b; HttpOnly; path=/")])
            }
        )
        host.always(
            .init("GET", "/out") { _ in
                ServiceResponse(status: 200, headers: [HeaderField("Set-Cookie", "SID=; path=/")])
            }
        )
        var bare = ServiceRequest("GET", Self.url + "/")
        bare.usesCookies = false
        for request in [
            ServiceRequest("GET", Self.url + "/"), ServiceRequest("GET", Self.url + "/"),
            ServiceRequest("GET", "http://other.example/"), bare, ServiceRequest("GET", Self.url + "/out"),
            ServiceRequest("GET", Self.url + "/"),
        ] {
            _ = try await host.send(request)
        }
        #expect(host.requests.map { $0.header("Cookie") } == [nil, "SID=a=b", nil, nil, "SID=a=b", nil])
    }

    @Test("a recorded form must be sent when that is asked for")
    func form() async throws {
        let json = """
            {"exchanges":[{"name":"login","request":{"method":"POST","path":"/login","body":{"user":"a b"}},
            "response":{"status":200,"body":{"ok":true}}}]}
            """
        let recording = try RecordedExchanges(json: Data(json.utf8))
        let host = RecordedHost()
        try host.expect("login", of: recording, checkingForm: true)
        var request = ServiceRequest("POST", Self.url + "/login")
        request.headers = [HeaderField("content-type", "application/x-www-form-urlencoded")]
        request.body = Data("user=other".utf8)
        await #expect(throws: PluginError.self) { try await host.send(request) }
        request.body = Data("user=a+b&more=%41".utf8)
        #expect(try await host.send(request).body == Data(#"{"ok":true}"#.utf8))
        #expect(request.formFields == ["user": "a b", "more": "A"])
        #expect(throws: PluginError.self) { try recording.exchange("logout") }
    }

    @Test("values, the clock, lines and events are kept")
    func services() async throws {
        let host = RecordedHost()
        try await host.setValue(Data([1]), for: "k")
        #expect(try await host.value(for: "k") == Data([1]))
        try await host.setValue(nil, for: "k")
        #expect(try await host.value(for: "k") == nil)
        await #expect(throws: PluginError.self) { try await host.setValue(Data(count: 1 << 20 + 1), for: "k") }
        let before = host.now
        host.advance(bySeconds: 5)
        #expect(host.now.timeIntervalSince(before) == 5)
        host.log(.info, "token abc", fields: ["n": 1])
        host.emit("changed", details: ["key": "def"])
        #expect(host.lines.map(\.level) == [.info] && host.events.map(\.name) == ["changed"])
        #expect(host.leaks(of: ["abc"]).count == 1 && host.leaks(of: ["def"]).count == 1)
        #expect(host.leaks(of: ["xyz", ""]).isEmpty)
        #expect(RecordedHost.leaks(PluginError(.invalid, "has abc"), of: ["abc"]))
    }
}
