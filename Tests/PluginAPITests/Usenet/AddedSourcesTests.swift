import PluginAPI
import Testing

struct AddedSourcesTests {
    private let sources = AddedSources(RecordedHost())

    @Test("what was added is kept with its id")
    func kept() async throws {
        let id = try await sources.add("nzb-1", name: "Film") { "7" }
        #expect(id == "7")
        #expect(try await sources.entry("nzb-1") == .init(identity: "nzb-1", name: "Film", id: "7"))
    }

    @Test("what was refused is forgotten")
    func refused() async throws {
        let id = try await sources.add("nzb-1", name: "Film") { nil }
        #expect(id == nil)
        #expect(try await sources.entry("nzb-1") == nil)
    }

    @Test(
        "after a failure it is remembered only where the client may have taken it",
        arguments: [
            (PluginError.Code.timeout, true), (.interrupted, true), (.badResponse, true), (.unauthorized, false),
            (.remoteFailure, false),
        ]
    )
    func failed(code: PluginError.Code, isRemembered: Bool) async throws {
        await #expect(throws: PluginError.self) {
            try await sources.add("nzb-1", name: "Film") { throw PluginError(code, "It failed.") }
        }
        let entry = try await sources.entry("nzb-1")
        #expect(entry == (isRemembered ? .init(identity: "nzb-1", name: "Film") : nil))
    }
}
