import FoundationEssentials
import PluginAPI
import Testing

@testable import NZBGet

struct AddTests {
    private static let nzb = nzb("one@example.invalid")

    private static func nzb(_ id: String) -> Data {
        Data(
            """
            <nzb><head><meta type="title">Film: One</meta></head><file><segments>
            <segment bytes="9" number="1">\(id)</segment></segments></file></nzb>
            """.utf8
        )
    }

    private func rig() throws -> Rig {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.answer("append", "7")
        return rig
    }

    @Test("an NZB is appended with ten parameters, past the check for duplicates")
    func upload() async throws {
        let rig = try rig()
        let answer = try await rig.client.add(.init(source: .nzb), file: Self.nzb)
        #expect(answer == AddedDownload(id: "7"))
        let sent = try #require(rig.calls("append").first)
        #expect(
            sent == [
                "Film_ One.nzb", .string(Self.nzb.base64EncodedString()), "movies", 0, false, false, "", 0, "FORCE", [],
            ]
        )
        let login = Data("nzbget:\(Rig.password)".utf8).base64EncodedString()
        #expect(rig.host.requests.allSatisfy { $0.header("Authorization") == "Basic \(login)" })
    }

    @Test("name, category, password, priority and wishes are passed on; the last parameter is a flat list")
    func wishes() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        (request.name, request.category, request.password, request.paused) = ("Name", "tv", "sesame", true)
        request.priority = .known(.high)
        request.options = ["unpack": false, "addToTop": true]
        _ = try await rig.client.add(request, file: Self.nzb)
        let sent = try #require(rig.calls("append").first)
        #expect([sent[0], sent[2], sent[3], sent[4], sent[5]] == ["Name.nzb", "tv", 50, true, true])
        #expect(sent[9] == ["*Unpack:Password", "sesame", "*Unpack:", "no"])
    }

    @Test("the password of an archive can be a wish")
    func password() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.options = ["password": "sesame"]
        _ = try await rig.client.add(request, file: Self.nzb)
        #expect(rig.calls("append").first?[9] == ["*Unpack:Password", "sesame"])
    }

    @Test(
        "NZBGet refuses names that begin with dots or are longer than a file's name, so it gets others",
        arguments: [(".hidden.Film", "hidden.Film.nzb"), (String(repeating: "é", count: 127), nil), ("..", nil)]
    )
    func names(name: String, expected: String?) async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.name = name
        _ = try await rig.client.add(request, file: Self.nzb)
        let sent = try #require(rig.calls("append").first?[0].string)
        #expect(sent.utf8.count <= 200 && !sent.hasPrefix(".") && sent == expected ?? sent)
    }

    @Test("an NZBGet that hangs has surely not taken anything, so that another client may have it")
    func hangs() async throws {
        let rig = try rig()
        rig.host.always(Rig.step("version") { _ in throw PluginError(.timeout, "It stays silent.") })
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: Self.nzb)
        }
        #expect(error?.code.value == .unreachable && rig.calls("append").isEmpty)
    }

    @Test("an address keeps its number; what is stored holds no key")
    func address() async throws {
        let rig = try rig()
        let link = "https://indexer.example/1.nzb?apikey=hidden"
        #expect(try await rig.client.add(.init(source: .url, link: link), file: nil).id == "7")
        #expect(rig.calls("append").first?[1] == .string(link))
        let stored = try await rig.host.value(for: "added") ?? Data()
        #expect(!String(decoding: stored, as: UTF8.self).contains("hidden"))
    }

    @Test("what is no NZB never reaches NZBGet, which would take it", arguments: ["", "<html></html>", "<nzb/>"])
    func noNZB(content: String) async throws {
        let rig = try rig()
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: Data(content.utf8))
        }
        #expect(error?.code.value == .invalid && rig.host.requests.isEmpty)
    }

    @Test("unknown options and categories that are paths are refused")
    func refusals() async throws {
        let rig = try rig()
        var request = AddDownload(source: .nzb)
        request.options = ["colour": "red"]
        let option = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: Self.nzb) }
        #expect(option?.field == "options.colour")
        request.options = nil
        request.category = "../etc"
        let category = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: Self.nzb) }
        #expect(category?.field == "category" && rig.calls("append").isEmpty)
    }

    @Test("the same NZB again is the job that is there; a failed one is added again")
    func twice() async throws {
        let rig = try rig()
        _ = try await rig.client.add(.init(source: .nzb), file: Self.nzb)
        rig.answer("listgroups", #"[{"NZBID":7,"Status":"DOWNLOADING"}]"#)
        let again = try await rig.client.add(.init(source: .nzb), file: Self.nzb)
        #expect(again == AddedDownload(id: "7", existed: true))
        rig.answer("listgroups", "[]")
        rig.answer("history", #"[{"NZBID":7,"Status":"FAILURE/HEALTH"}]"#)
        rig.answer("append", "8")
        #expect(try await rig.client.add(.init(source: .nzb), file: Self.nzb) == AddedDownload(id: "8"))
    }

    @Test(
        "an answer that cannot be read leaves doubt, a web page in its place does not",
        arguments: [
            (#"{"version":"1.1","resu"#, PluginError.Code.interrupted), ("", .interrupted),
            ("<html>Welcome to the router</html>", .badResponse),
        ]
    )
    func unreadable(body: String, code: PluginError.Code) async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.host.always(Rig.step("append") { _ in ServiceResponse(status: 200, body: Data(body.utf8)) })
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb, link: ""), file: Self.nzb("a@b"))
        }
        #expect(error?.code.value == code && error?.field == "host")
    }

    @Test("an answer that got lost does not make two jobs")
    func lostAnswer() async throws {
        let rig = try rig()
        rig.host.expect(Rig.step("append") { _ in throw PluginError(.timeout, "too slow") })
        await #expect(throws: PluginError.self) { try await rig.client.add(.init(source: .nzb), file: Self.nzb) }
        rig.answer("listgroups", #"[{"NZBID":9,"NZBName":"Film_ One","Status":"QUEUED"}]"#)
        let again = try await rig.client.add(.init(source: .nzb), file: Self.nzb)
        #expect(again == AddedDownload(id: "9", existed: true))
    }
}
