import FoundationEssentials
import PluginAPI
import Testing

@testable import TMDB

@Suite(.timeLimit(.minutes(1)))
struct ServiceTests {
    private static let slow = ServiceResponse(status: 429, headers: [HeaderField("Retry-After", "2")])

    @Test("a key travels in the query, a token in its field, and neither in an error")
    func credentials() async throws {
        let withKey = try Rig { $0.apiKey = " \(Rig.key)\n" }
        withKey.host.always(.init("GET", "/3/movie/1", status: 500))
        let error = await failure { try await withKey.plugin.movie("1") }
        let sent = try #require(withKey.host.requests.first { $0.url.contains("/movie/1") })
        #expect(sent.url.hasSuffix("&api_key=" + Rig.key))
        #expect(sent.header("Authorization") == nil)
        #expect(error?.code.value == .remoteFailure)
        #expect(error?.message.contains(Rig.key) == false)
        let withToken = try Rig("movie in English") { $0.apiKey = "Bearer " + Rig.token }
        _ = try await withToken.plugin.movie("10331")
        let other = try #require(withToken.host.requests.last { $0.url.contains("/movie/") })
        #expect(other.header("Authorization") == "Bearer " + Rig.token)
        #expect(!other.url.contains("api_key"))
        #expect(!other.followsRedirects)
    }

    @Test("a short pause that TMDB asks for is waited out")
    func shortPause() async throws {
        let rig = try Rig("movie in English")
        rig.host.expect(.init("GET", "/3/movie/10331") { _ in Self.slow })
        _ = try await rig.plugin.movie("10331")
        #expect(rig.waits.all == [.seconds(2)])
    }

    @Test("a long pause is told, and kept by all other calls without a request")
    func longPause() async throws {
        let rig = try Rig("movie in English")
        let long = ServiceResponse(status: 429, headers: [HeaderField("Retry-After", "60")])
        rig.host.expect(.init("GET", "/3/movie/10331") { _ in long })
        let first = await failure { try await rig.plugin.movie("10331") }
        #expect(first?.code.value == .rateLimited)
        #expect(first?.retryAfter == 60)
        rig.host.advance(bySeconds: 10)
        rig.host.forgetRequests()
        #expect(await failure { try await rig.plugin.movie("10331") }?.retryAfter == 50)
        #expect(rig.asked == [])
        #expect(rig.waits.all == [])
        rig.host.advance(bySeconds: 50)
        _ = try await rig.plugin.movie("10331")
    }

    @Test("a pause until a time is kept like one of seconds")
    func pauseUntil() async throws {
        let rig = try Rig()
        let header = HeaderField("Retry-After", "Fri, 15 Jan 2027 08:00:40 GMT")
        rig.host.always(.init("GET", "/3/movie/1") { _ in ServiceResponse(status: 429, headers: [header]) })
        #expect(await failure { try await rig.plugin.movie("1") }?.retryAfter == 40)
        #expect(rig.asked.count == 1)
    }

    @Test("pauses without end are given up after a few requests")
    func endlessPauses() async throws {
        let rig = try Rig()
        rig.host.always(.init("GET", "/3/movie/1") { _ in Self.slow })
        #expect(await failure { try await rig.plugin.movie("1") }?.code.value == .rateLimited)
        #expect(rig.asked.count == 3)
    }

    @Test(
        "failures are told in words, with the setting at fault",
        arguments: [
            (401, #"{"success":false,"status_code":7,"status_message":"Invalid API key."}"#, "unauthorized", "apiKey"),
            (401, "<html>sign in</html>", "forbidden", "url"), (302, "", "bad_response", "url"),
            (200, "<!DOCTYPE html><html></html>", "bad_response", "url"),
            (200, #"{"id": 10331, "ti"#, "bad_response", "url"),
            (200, "", "bad_response", "url"), (404, "<html>", "bad_response", "url"),
            (500, "oops", "remote_failure", nil),
            (503, #"{"status_code":9,"status_message":"Service offline."}"#, "remote_failure", nil),
        ] as [(Int, String, String, String?)]
    )
    func failures(status: Int, body: String, code: String, field: String?) async throws {
        let rig = try Rig()
        rig.host.always(.init("GET", "/3/movie/10331", status: status, text: body))
        let error = await failure { try await rig.plugin.movie("10331") }
        #expect(error?.code.text == code)
        #expect(error?.field == field)
        #expect((error?.message.split(separator: " ").count ?? 0) > 3)
    }

    @Test("an answer holds for as long as TMDB says, and is then asked for by its tag")
    func caching() async throws {
        let rig = try Rig("movie in English")
        let first = try await rig.plugin.movie("10331")
        #expect(try await rig.plugin.movie("10331") == first)
        #expect(rig.asked.count == 1)
        rig.host.advance(bySeconds: 601)
        rig.host.always(.init("GET", "/3/movie/10331") { _ in ServiceResponse(status: 304) })
        #expect(try await rig.plugin.movie("10331") == first)
        #expect(rig.host.requests.last { $0.url.contains("/movie/") }?.header("If-None-Match") != nil)
        #expect(rig.asked.count == 2)
        #expect(try await rig.plugin.movie("10331") == first)
        #expect(rig.asked.count == 2)
    }

    @Test("an answer that cannot be read is not kept")
    func unreadable() async throws {
        let rig = try Rig("movie in English")
        rig.host.expect(.init("GET", "/3/movie/10331", text: "{"))
        #expect(await failure { try await rig.plugin.movie("10331") }?.code.value == .badResponse)
        _ = try await rig.plugin.movie("10331")
    }

    @Test("the answers that are kept take no more memory than they may")
    func bounded() async throws {
        let rig = try Rig()
        let filling = String(repeating: "x", count: 400 << 10)
        rig.host.always(
            .init("GET", "/3/find/tt1", accepts: { _ in true }) { _ in
                ServiceResponse(status: 200, body: Data(#"{"filling":"\#(filling)"}"#.utf8))
            }
        )
        let steps = (Answers.capacity >> 10) / 400 + 2
        for number in 0..<steps {
            rig.host.always(
                .init("GET", "/3/find/\(number)") { _ in
                    ServiceResponse(status: 200, body: Data(#"{"filling":"\#(filling)"}"#.utf8))
                }
            )
            _ = try await rig.plugin.find(source: "imdb", id: String(number))
        }
        rig.host.forgetRequests()
        _ = try await rig.plugin.find(source: "imdb", id: String(steps - 1))
        #expect(rig.asked == [])
        _ = try await rig.plugin.find(source: "imdb", id: "0")
        #expect(rig.asked.count == 1)
    }

    @Test("questions of the same thing at once are asked once")
    func joined() async throws {
        let rig = try Rig()
        let response = try rig.recording.exchange("movie in English").response.serviceResponse()
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (releases, release) = AsyncStream.makeStream(of: Void.self)
        rig.host.always(
            .init("GET", "/3/movie/10331") { _ in
                arrived.yield()
                for await _ in releases { break }
                return response
            }
        )
        let plugin = rig.plugin
        async let first = plugin.movie("10331")
        for await _ in arrivals { break }
        async let second = plugin.movie("10331")
        await Task.yield()
        release.finish()
        let both = try await (first, second)
        #expect(both.0 == both.1)
        #expect(rig.asked.count == 1)
    }

    @Test("where pictures are is asked for once a week, also across a restart")
    func pictureAddress() async throws {
        let rig = try Rig("movie in English")
        _ = try await rig.plugin.movie("10331")
        let again = try Rig(on: rig.host, "series in English")
        _ = try await again.plugin.series("19885")
        #expect(rig.host.requests(to: "/3/configuration").count == 1)
        rig.host.advance(bySeconds: 604_801)
        _ = try await again.plugin.series("19885")
        #expect(rig.host.requests(to: "/3/configuration").count == 2)
    }

    @Test("a title comes also when TMDB does not say where its pictures are")
    func noConfiguration() async throws {
        let rig = try Rig("movie in English")
        rig.host.always(.init("GET", "/3/configuration", status: 500))
        let url = try await rig.plugin.movie("10331").images.first?.url
        #expect(url == "https://image.tmdb.org/t/p/w780/poster-10331.jpg")
    }
}
