import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("Failures of an indexer", .timeLimit(.minutes(1)))
struct FailureTests {
    private let query = ReleaseQuery(kind: .any, text: "Film")

    private func failure(_ rig: Rig) async -> PluginError? {
        await #expect(throws: PluginError.self) { try await rig.indexer.search(query) }
    }

    @Test(
        "each error of the API has a meaning",
        arguments: [
            (100, PluginError.Code.unauthorized, "apiKey"), (101, .forbidden, nil), (102, .forbidden, "apiKey"),
            (200, .invalid, nil), (201, .invalid, nil), (202, .unsupported, nil), (203, .unsupported, nil),
            (300, .notFound, nil), (500, .rateLimited, nil), (501, .rateLimited, nil), (900, .remoteFailure, nil),
            (910, .remoteFailure, nil), (4711, .remoteFailure, nil),
        ] as [(Int, PluginError.Code, String?)]
    )
    func codes(code: Int, expected: PluginError.Code, field: String?) async throws {
        for status in [200, 400, 403, 429, 503] {
            let rig = try Rig()
            let body = "<?xml version='1.0'?><error code='\(code)' description='What they say'/>"
            rig.answer("search", body, status: status)
            let error = await failure(rig)
            #expect(error?.code.value == expected && error?.field == field, "with status \(status)")
            #expect(error?.message.contains("What they say") == true)
        }
    }

    @Test("a missing key is said as such")
    func missingKey() async throws {
        let rig = try Rig { $0.apiKey = "" }
        rig.answer("search", "<error code='200' description='Missing parameter (apikey)'/>")
        let error = await failure(rig)
        #expect(error?.code.value == .unauthorized && error?.message.contains("Enter its API key") == true)
    }

    @Test(
        "a status without an error of the API has a meaning too",
        arguments: [
            (401, PluginError.Code.unauthorized), (403, .forbidden), (404, .notFound), (429, .rateLimited),
            (500, .remoteFailure), (502, .unreachable), (503, .unreachable), (418, .badResponse), (302, .badResponse),
        ]
    )
    func statuses(status: Int, expected: PluginError.Code) async throws {
        for body in ["", "nothing", "<html>No</html>", "{}"] {
            let rig = try Rig()
            rig.answer("search", body, status: status)
            #expect(await failure(rig)?.code.value == expected, "\(body)")
        }
    }

    @Test(
        "an answer that is no feed is told in words",
        arguments: [
            ("", "nothing at all"), ("<!DOCTYPE html><html><body>Hi</body></html>", "web page"),
            ("\n<HTML><head></head><body><p>Hi", "web page"), (" {\"error\":1}", "JSON in place of XML"),
            ("<rss><channel><item><title>A", "ends in the middle"), ("<caps></caps>", "another API"),
            ("<rss>&nbsp</rss>", "not well-formed"),
            ("<!DOCTYPE rss [<!ENTITY a 'x'>]><rss>&a;</rss>", "entities"),
        ]
    )
    func nonsense(body: String, words: String) async throws {
        let rig = try Rig()
        rig.answer("search", body)
        let error = await failure(rig)
        #expect(error?.code.value == .badResponse && error?.field == "url")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("a guard against robots is not taken for a wrong key")
    func guarded() async throws {
        let rig = try Rig()
        rig.answer("search", "<!DOCTYPE html><html><title>Just a moment...</title></html>", status: 403)
        let error = await failure(rig)
        #expect(error?.message.contains("web page") == true && error?.field == "url")
    }

    @Test("no answer in time is another thing than no result")
    func timeout() async throws {
        let rig = try Rig()
        rig.answer("search") { _ in throw PluginError(.timeout, "Slow.") }
        #expect(await failure(rig)?.code.value == .timeout)
        rig.answer("search", Rig.feed(0..<0))
        #expect(try await rig.indexer.search(query).isEmpty)
    }

    @Test("an answer without end is not read", arguments: ["search", "caps"])
    func largest(function: String) async throws {
        let rig = try Rig()
        rig.answer("search", Rig.feed(0..<1))
        _ = try await rig.indexer.search(query)
        let limits = rig.host.requests.filter { $0.parameter("t") == function }.map(\.maxBytes)
        #expect(limits == [IndexerServer.largestAnswer])
    }

    @Test(
        "an indexer that asks for a pause gets it, without another request",
        arguments: [("120", 120), ("Fri, 15 Jan 2027 08:05:00 GMT", 300), (nil, 60), ("-5", 0), ("999999999", 86_400)]
            as [(String?, Int)]
    )
    func pause(header: String?, seconds: Int) async throws {
        let rig = try Rig()
        rig.answer("search", "Slow down", status: 429, headers: header.map { [HeaderField("Retry-After", $0)] } ?? [])
        #expect(await failure(rig)?.retryAfter == seconds)
        let sent = rig.host.requests.count
        if seconds > 0 {
            let again = await failure(rig)
            #expect(again?.code.value == .rateLimited && again?.retryAfter == seconds)
            #expect(rig.host.requests.count == sent)
        }
        rig.host.advance(bySeconds: Double(seconds))
        rig.answer("search", Rig.feed(1..<2))
        #expect(try await rig.indexer.search(query).count == 1)
    }

    @Test("a limit of downloads does not stop searches, nor the other way round")
    func purposes() async throws {
        let rig = try Rig()
        rig.answer("search", Rig.feed(1..<2))
        rig.serve("/dl", Data("<error code='501' description='Download limit'/>".utf8))
        await #expect(throws: PluginError.self) { try await rig.indexer.fetch("http://127.0.0.1/dl") }
        #expect(try await rig.indexer.search(query).count == 1)
    }

    @Test("requests keep to the limit in a minute: some wait, and what would wait long is refused")
    func pace() async throws {
        let rig = try Rig { $0.requestsPerMinute = 60 }
        rig.answer("search", Rig.feed(1..<2))
        for _ in 0..<9 { _ = try await rig.indexer.search(query) }
        #expect(rig.waits.all == (1...5).map { Duration.seconds($0) })
        #expect(await failure(rig)?.code.value == .rateLimited)
        rig.host.advance(bySeconds: 60)
        #expect(try await rig.indexer.search(query).count == 1)
    }

    @Test("keys stand in no message, no line of the log and no page, whatever the indexer says")
    func secrets() async throws {
        let other = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
        let says = [
            "Bad key \(Rig.key) for you", "see https://site/dl?passkey=\(other)", "passkey=\(other)", "torrent_pass: x",
            "token=\(other) and \(other)",
        ]
        for text in says {
            for code in [100, 200, 500, 900] {
                let rig = try Rig()
                rig.answer("search", "<error code='\(code)' description='\(text)'/>")
                let error = try #require(await failure(rig))
                #expect(!RecordedHost.leaks(error, of: [Rig.key, other]), "\(error.message)")
                #expect(rig.host.leaks(of: [Rig.key, other]).isEmpty)
            }
        }
        let rig = try Rig()
        let target = HeaderField("Location", "https://other.invalid/api?apikey=\(Rig.key)")
        rig.answer("search", "", status: 301, headers: [target])
        let error = try #require(await failure(rig))
        #expect(error.message.contains("https://other.invalid/api") && !error.message.contains(Rig.key))
    }

    @Test(
        "a page for people is shown unless its address may hold a key",
        arguments: [
            ("https://a.invalid/details.php?id=4711", true), ("https://a.invalid/t/4711/Film-1968", true),
            ("https://a.invalid/details?id=4711&passkey=1", false), ("https://user:word@a.invalid/1", false),
            ("https://a.invalid/rss/0a1b2c3d4e5f60718293a4b5c6d7e8f9/1", false), ("ftp://a.invalid/1", false),
            ("https://a.invalid/x?torrent_pass=1", false), ("magnet:?xt=1", false),
        ]
    )
    func pages(address: String, isShown: Bool) {
        #expect(SecretWords.harmless(address) == (isShown ? address : nil))
    }
}
