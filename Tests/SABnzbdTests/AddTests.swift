import FoundationEssentials
import PluginAPI
import Testing

@testable import SABnzbd

struct AddTests {
    private func rig(change: (inout SABnzbdSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(change: change)
        try rig.answerEmpty()
        try rig.always("categories", "create a category", "addfile", "addurl", "warnings", "priority", "pause one")
        return rig
    }

    private static let added = "addfile"

    @Test("an NZB is uploaded with its title, category and priority; the key is in the body alone")
    func upload() async throws {
        let rig = try rig()
        let answer = try await rig.client.add(.init(source: .nzb), file: NZB.one)
        let expected = try Recording.exchanges.exchange(Self.added).response.body?["nzo_ids"]?.array?.first?.string
        #expect(answer == AddedDownload(id: try #require(expected)))
        let sent = try #require(rig.calls("addfile").first)
        let fields = Dictionary(sent.parts.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
        #expect(fields["nzbname"] == "Film & More" && fields["cat"] == "movies" && fields["priority"] == "-100")
        #expect(fields["password"] == nil && fields["pp"] == nil)
        #expect(fields["name"].map { Data($0.utf8) } == NZB.one)
        #expect(rig.host.requests.allSatisfy { !$0.url.contains(Rig.key) })
    }

    @Test(
        "an answer that cannot be read leaves doubt, a web page in its place does not",
        arguments: [
            (#"{"status": tr"#, PluginError.Code.interrupted), ("", .interrupted),
            (" <!doctype html><title>router</title>", .badResponse),
        ]
    )
    func unreadableAnswer(body: String, code: PluginError.Code) async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("categories", "create a category")
        rig.host.always(.init("POST", "/api?mode=addfile", text: body))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: NZB.one)
        }
        #expect(error?.code.value == code)
    }

    @Test("name, category, password, priority and wishes are passed on")
    func wishes() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.name = "A/B {{c}}"
        request.category = "tv"
        request.password = "sesame"
        request.priority = .known(.force)
        request.options = ["postProcessing": "unpack", "script": "notify.sh"]
        _ = try await rig.client.add(request, file: NZB.one)
        let sent = try #require(rig.calls("addfile").first)
        let wanted = ["nzbname", "cat", "password", "priority", "pp", "script"].map(sent.part)
        #expect(wanted == ["A_B __c__", "tv", "sesame", "2", "2", "notify.sh"])
    }

    @Test("the password of an archive can be a wish")
    func password() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.options = ["password": "sesame"]
        _ = try await rig.client.add(request, file: NZB.one)
        #expect(rig.calls("addfile").first?.part("password") == "sesame")
    }

    @Test("a SABnzbd that hangs has surely not taken anything, so that another client may have it")
    func hangs() async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", "/api?mode=version", failing: PluginError(.timeout, "It stays silent.")))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: NZB.one)
        }
        #expect(error?.code.value == .unreachable && error?.message.contains("did not answer") == true)
        #expect(rig.calls("addfile").isEmpty)
    }

    @Test("a job that is added paused gets its priority, and is paused again, for that has started it")
    func paused() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.paused = true
        request.priority = .known(.high)
        _ = try await rig.client.add(request, file: NZB.one)
        #expect(rig.calls("addfile").first?.part("priority") == "-2")
        let queue = rig.calls("queue").map { $0.formFields["name"] ?? "" }.filter { !$0.isEmpty }
        #expect(queue == ["priority", "pause"])
    }

    @Test("an address is left to SABnzbd, and its key stays out of what is stored")
    func address() async throws {
        let rig = try rig()
        let link = "http://indexer.example/get/1.nzb?apikey=hidden"
        let answer = try await rig.client.add(.init(source: .url, link: link), file: nil)
        #expect(answer.id.hasPrefix("SABnzbd_nzo_"))
        let sent = try #require(rig.calls("addurl").first)
        #expect(sent.formFields["name"] == link && sent.formFields["cat"] == "movies")
        let stored = try await rig.host.value(for: "added") ?? Data()
        #expect(!String(decoding: stored, as: UTF8.self).contains("hidden"))
    }

    @Test("a category that is missing is made, one of a strange name is refused")
    func category() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.category = "harbour"
        _ = try await rig.client.add(request, file: NZB.one)
        let made = try #require(rig.calls("set_config").first?.formFields)
        #expect(made["section"] == "categories" && made["keyword"] == "harbour" && made["dir"] == "harbour")
        request.category = "../../etc"
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(request, file: NZB.of("two@example.invalid"))
        }
        #expect(error?.code.value == .invalid && error?.field == "category")
    }

    @Test(
        "what is no NZB never reaches SABnzbd",
        arguments: ["", "<html><body>Log in</body></html>", "<nzb></nzb>", "no xml", "PK\u{3}\u{4}zip"]
    )
    func noNZB(content: String) async throws {
        let rig = try rig()
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: Data(content.utf8))
        }
        #expect(error?.code.value == .invalid && error?.field == "file")
        #expect(rig.host.requests.isEmpty)
    }

    @Test("options that are not known are refused by name")
    func unknownOption() async throws {
        let rig = try rig()
        for (key, value) in [("colour", "red"), ("script", "../../bin/sh"), ("postProcessing", "all")] {
            var request = AddDownload(source: .nzb)
            request.options = [key: .string(value)]
            let error = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: NZB.one) }
            #expect(error?.code.value == .invalid && error?.field == "options.\(key)")
        }
        #expect(rig.calls("addfile").isEmpty)
    }

    @Test("the same NZB again is the job that is there, also under another name")
    func twice() async throws {
        let rig = try rig()
        let first = try await rig.client.add(.init(source: .nzb), file: NZB.one)
        rig.answer(
            "queue",
            ["nzo_ids": first.id],
            #"{"queue":{"slots":[{"nzo_id":"\#(first.id)","status":"Downloading"}]}}"#
        )
        var again = AddDownload(source: .nzb)
        again.name = "Another"
        let second = try await rig.client.add(again, file: NZB.of("one@example.invalid", head: ""))
        #expect(second == AddedDownload(id: first.id, existed: true))
        #expect(rig.calls("addfile").count == 1)
    }

    @Test("an answer that got lost does not make two jobs")
    func lostAnswer() async throws {
        let rig = try rig()
        try rig.host.expect("categories", of: Recording.exchanges)
        rig.host.expect(.init("POST", "/api?mode=addfile", failing: PluginError(.timeout, "too slow")))
        await #expect(throws: PluginError.self) { try await rig.client.add(.init(source: .nzb), file: NZB.one) }
        rig.answer("queue", #"{"queue":{"slots":[{"nzo_id":"SABnzbd_nzo_a","filename":"Film & More"}]}}"#)
        let again = try await rig.client.add(.init(source: .nzb), file: NZB.one)
        #expect(again == AddedDownload(id: "SABnzbd_nzo_a", existed: true))
    }

    @Test("a refusal names the reason that SABnzbd's warnings give")
    func refused() async throws {
        let rig = try rig()
        rig.answer("addfile", #"{"status":false,"nzo_ids":[]}"#)
        rig.answer("warnings", #"{"warnings":[{"text":"Ignoring duplicate NZB \"Film & More\""}]}"#)
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: NZB.one)
        }
        #expect(error?.code.value == .invalid && error?.message.contains("Ignoring duplicate") == true)
        #expect(try await rig.host.value(for: "added") == Data("[]".utf8))
    }
}
