import FoundationEssentials
import PluginAPI
import SQLite
import Testing

@testable import Host
@testable import PluginHosting

@Suite("What the store remembers of plugins")
struct PluginMemoryTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let time = ManualClock.start

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/kinodock.sqlite")
    }

    private func success(_ hash: String, at time: Date? = nil) -> PluginScan {
        var manifest = PluginManifest(
            id: "a",
            name: "A",
            version: "1.2.3-beta",
            description: "About it.",
            sources: [.magnet],
            settings: SettingsSchema(fields: [.number("port", label: "Port", in: 1...65535).default(8080)])
        )
        manifest.kinds = [.known(.downloadClient), .unknown("coffee_machine")]
        let scanned = ScannedPlugin(minor: 1, manifest: manifest)
        return PluginScan(sha256: hash, outcome: .success(scanned), time: time ?? self.time)
    }

    private func failure(_ hash: String, _ code: PluginRefusal.Code) -> PluginScan {
        let refusal = PluginRefusal(.quarantined, code, "It ended in \(code).")
        return PluginScan(sha256: hash, outcome: .failure(refusal), time: time)
    }

    private func scans() throws -> [String: PluginScan] {
        let scans = try store.rememberedPlugins().scans
        return Dictionary(scans.map { ($0.sha256, $0) }) { first, _ in first }
    }

    @Test("gives scans back as they were, those that failed too")
    func roundTrip() async throws {
        let all = [success("1"), failure("2", .crashedOnLoad), failure("3", .slowOnLoad)]
        for scan in all { try await store.keep(scan) }
        let kept = try scans()
        #expect(kept.count == 3)
        for scan in all {
            #expect(kept[scan.sha256]?.outcome == scan.outcome && kept[scan.sha256]?.time == scan.time)
        }
    }

    @Test("keeps one scan of the same bytes, the last")
    func replaced() async throws {
        for scan in [success("1"), failure("1", .crashedOnLoad)] { try await store.keep(scan) }
        #expect(try scans().mapValues(\.outcome) == ["1": failure("1", .crashedOnLoad).outcome])
        try await store.keep(success("1"))
        #expect(try scans().mapValues(\.outcome) == ["1": success("1").outcome])
    }

    @Test("leaves out what another server has found, and what cannot be understood")
    func foreign() async throws {
        for hash in ["1", "2", "3", "4"] { try await store.keep(success(hash)) }
        try await store.keep(failure("5", .slowOnLoad))
        try store.database.writeSync { connection in
            try connection.execute("UPDATE plugin_scans SET host = '0.1/1.0' WHERE sha256 = '1'")
            try connection.execute("UPDATE plugin_scans SET manifest = x'7B' WHERE sha256 = '2'")
            try connection.execute("UPDATE plugin_scans SET manifest = NULL WHERE sha256 = '3'")
            try connection.execute("UPDATE plugin_scans SET code = 'later' WHERE sha256 = '5'")
        }
        #expect(try scans().keys.sorted() == ["4"])
    }

    @Test("keeps the thousand scans that are the newest")
    func limit() async throws {
        try await store.keep(success("first"))
        try store.database.writeSync { connection in
            try connection.execute(
                """
                INSERT INTO plugin_scans (sha256, host, minor, manifest, scanned)
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
                SELECT n, host, minor, manifest, scanned + n FROM numbers, plugin_scans
                """
            )
        }
        try await store.keep(success("last", at: time + 60))
        let kept = try scans()
        #expect(kept.count == 1000 && kept["last"] != nil)
        #expect(kept["first"] == nil && kept["1"] == nil && kept["2"] != nil)
    }

    @Test("gives faults back as they were, the last of each file")
    func faults() async throws {
        let first = PluginFault(sha256: "1", id: "a", words: "It crashed.", time: time)
        let again = PluginFault(sha256: "1", id: "a", words: "It crashed again.", time: time + 60)
        let other = PluginFault(sha256: "2", id: "b", words: "It left.", time: time)
        for fault in [first, again, other] { try await store.keep(fault) }
        #expect(Set(try store.rememberedPlugins().faults) == [again, other])
    }

    @Test("forgets scans and faults of some files, and no others")
    func forgetting() async throws {
        for hash in ["1", "2", "3"] {
            try await store.keep(failure(hash, .crashedOnLoad))
            try await store.keep(PluginFault(sha256: hash, id: "a", words: "It crashed.", time: time))
        }
        try await store.forgetFailures(of: ["1", "3", "never seen"])
        #expect(try scans().keys.sorted() == ["2"])
        #expect(try store.rememberedPlugins().faults.map(\.sha256) == ["2"])
    }

    @Test("keeps where plugins run, and the list of them")
    func settings() async throws {
        try await store.setIsolation("a", .isolated)
        try await store.setIsolation("b", .inProcess)
        try await store.setIsolation("b", .auto)
        try await store.keep(pluginList: Array("[]".utf8))
        try await store.keep(pluginList: Array("[1]".utf8))
        let memories = try store.rememberedPlugins()
        #expect(memories.settings.isolation == ["a": .isolated])
        #expect(memories.list == Array("[1]".utf8))
    }

    @Test("hands requests on in their order until each is answered, and each answer out once")
    func requests() async throws {
        let all = [
            PluginRequest(verb: .isolation, plugin: "a", mode: .inProcess),
            PluginRequest(verb: .retry, plugin: "b", mode: nil),
            PluginRequest(verb: .rescan, plugin: "", mode: nil),
        ]
        let numbers = try all.map(store.add)
        #expect(try store.openPluginRequests().map(\.request) == all)
        #expect(try store.openPluginRequests().map(\.number) == numbers)
        try await store.answer(pluginRequest: numbers[1], "It is not there.")
        #expect(try store.openPluginRequests().map(\.number) == [numbers[0], numbers[2]])
        #expect(try store.takeAnswer(ofPluginRequest: numbers[0]) == nil)
        #expect(try store.takeAnswer(ofPluginRequest: numbers[1]) == "It is not there.")
        #expect(try store.takeAnswer(ofPluginRequest: numbers[1]) == nil)
        try store.removePluginRequest(numbers[0])
        #expect(try store.openPluginRequests().map(\.number) == [numbers[2]])
        try store.forgetPluginRequests()
        #expect(try store.openPluginRequests().isEmpty)
    }

    @Test("passes over a request that only a later version knows")
    func laterRequest() throws {
        _ = try store.add(PluginRequest(verb: .rescan, plugin: "", mode: nil))
        try store.database.writeSync { try $0.execute("UPDATE plugin_requests SET verb = 'teleport'") }
        #expect(try store.openPluginRequests().isEmpty)
    }
}
