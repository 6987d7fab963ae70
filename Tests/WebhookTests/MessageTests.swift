import FoundationEssentials
import PluginAPI
import Testing

@testable import Webhook

@Suite("Messages")
struct MessageTests {
    private let bench = WebhookBench()

    @Test("JSON is the event itself")
    func json() async throws {
        let body = try await bench.body(WebhookBench.event(), ["format": "json"])
        #expect(body["id"] == "ev_1" && body["kind"] == "imported" && body["details"]?["year"] == 1922)
        let request = try #require(bench.host.requests.last)
        #expect(request.url == WebhookBench.address && request.method == "POST" && !request.followsRedirects)
        #expect(
            request.header("Content-Type") == "application/json" && request.header("X-Kinodock-Event") == "imported"
        )
        #expect(request.header("X-Kinodock-Event-Id") == "ev_1" && !request.usesCookies)
    }

    @Test("a form has a field for each value, and lists as a field several times")
    func form() async throws {
        bench.host.always(.init("PUT", "/films"))
        try await bench.notifier(["format": "form", "method": "PUT"]).notify(WebhookBench.event())
        let request = try #require(bench.host.requests.last)
        let text = String(decoding: try #require(request.body), as: UTF8.self)
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(
            text.contains("kind=imported&")
                && text.contains("&details.paths=%2Ffilms%2Fa.mkv&details.paths=%2Ffilms%2Fb.mkv")
        )
        #expect(text.contains("title=Imported%3A%20Nosferatu%20%281922%29"))
    }

    @Test("Discord gets one embed within its limits, which wakes nobody")
    func discord() async throws {
        var event = WebhookBench.event(.importFailed, title: String(repeating: "@everyone ", count: 100))
        event.message = String(repeating: "ä", count: 5000)
        event.details["release"] = .string(String(repeating: "x", count: 3000))
        let body = try await bench.body(event, ["format": "discord"])
        let embed = try #require(body["embeds"]?.array?.first)
        #expect(body["username"] == "Kinodock" && body["allowed_mentions"] == ["parse": []])
        #expect(embed["title"]?.string?.count == 256 && embed["timestamp"] == "2026-01-02T03:04:05Z")
        let fields = try #require(embed["fields"]?.array)
        let texts = [embed["title"], embed["description"]] + fields.flatMap { [$0["name"], $0["value"]] }
        #expect(texts.compactMap { $0?.string?.count }.reduce(0, +) <= 6000 && fields.count <= 25)
        #expect(fields.allSatisfy { ($0["value"]?.string?.count ?? 0) <= 1024 })
        #expect(bench.host.requests.last?.header("X-Kinodock-Event") == nil)
    }

    @Test(
        "letters that are many characters to a service are counted as these and kept whole",
        arguments: ["discord", "slack"]
    )
    func manyCharacters(format: String) async throws {
        let family = "👨‍👩‍👧‍👦"
        let event = WebhookBench.event(title: String(repeating: family, count: 100))
        let body = try await bench.body(event, ["format": .string(format)])
        let title = body["embeds"]?.array?.first?["title"] ?? body["blocks"]?.array?.first?["text"]?["text"]
        let text = try #require(title?.string)
        #expect(text.utf16.count <= (format == "slack" ? 150 : 256) && text.hasSuffix(family + "…"))
    }

    @Test("Slack gets a header and lines in which nothing is a command")
    func slack() async throws {
        let body = try await bench.body(
            WebhookBench.event(title: "<!channel> & " + String(repeating: "x", count: 200)),
            ["format": "slack"]
        )
        #expect(body["text"]?.string?.hasPrefix("&lt;!channel&gt; &amp; xxx") == true)
        let blocks = try #require(body["blocks"]?.array)
        #expect(blocks[0]["text"]?["text"]?.string?.count == 150 && blocks[0]["text"]?["type"] == "plain_text")
        #expect(blocks[1]["text"]?["text"]?.string?.contains("Quality: Bluray-1080p\nSize: 1.4 GiB") == true)
    }

    @Test("ntfy gets the topic of the address at its root, and more urgency for what needs somebody")
    func ntfy() async throws {
        let settings: [String: JSONValue] = [
            "format": "ntfy", "url": "https://ntfy.example.com/films-f81b", "apiKey": "tk_1",
        ]
        let body = try await bench.body(WebhookBench.event(.importFailed), settings)
        let request = try #require(bench.host.requests.last)
        #expect(request.url == "https://ntfy.example.com/" && request.header("Authorization") == "Bearer tk_1")
        #expect(body["topic"] == "films-f81b" && body["priority"] == 4 && body["tags"] == ["x", "import_failed"])
        #expect(body["message"]?.string?.hasPrefix("It is in the library.\nQuality") == true)
    }

    @Test("Gotify gets the message with the token in its own header")
    func gotify() async throws {
        let settings: [String: JSONValue] = [
            "format": "gotify", "url": "https://gotify.example.com", "apiKey": "A1", "priority": 5,
        ]
        let body = try await bench.body(WebhookBench.event(), settings)
        let request = try #require(bench.host.requests.last)
        #expect(request.url == "https://gotify.example.com/message" && request.header("X-Gotify-Key") == "A1")
        #expect(body["priority"] == 5 && body["title"] == "Imported: Nosferatu (1922)")
    }

    @Test("Apprise API gets title, body and type")
    func apprise() async throws {
        let body = try await bench.body(
            WebhookBench.event(.downloadFailed),
            ["format": "apprise", "tag": "home", "addresses": "json://x"]
        )
        #expect(
            body["type"] == "failure" && body["tag"] == "home" && body["urls"] == "json://x" && body["format"] == "text"
        )
    }

    @Test(
        "texts are cut between characters",
        arguments: [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("ääää", 6, "ä…"), ("", 3, "")]
    )
    func shortened(text: String, count: Int, result: String) {
        #expect(text.shortened(toBytes: count) == (text.utf8.count <= count ? text : text == "abcd" ? "…" : "ä…"))
        if text.allSatisfy(\.isASCII) { #expect(text.shortened(to: count) == result) }
    }
}
