import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("Requests of commands", .timeLimit(.minutes(1)))
struct PluginRequestsTests {
    private let home: TemporaryFolder
    private let store: Store
    private let memory = MemoryOfPlugins()

    init() throws {
        home = try TemporaryFolder()
        store = try Store(path: home.path + "/kinodock.sqlite")
    }

    private func requests() async throws -> PluginRequests {
        let folder = home.path + "/plugins"
        let path = FixturePlugins.candidate("c-echo", in: folder).path
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: path)
        let catalog = PluginCatalog(
            PluginPlaces(folders: PluginFolders([folder])),
            memory: memory,
            loading: FixtureLoading(),
            clock: ManualClock(),
            atOnce: 2
        )
        try await catalog.begin()
        try await catalog.rescan()
        return PluginRequests(store: store, catalog: catalog)
    }

    @Test("are carried out once, in their order, however many commands tell of them")
    func once() async throws {
        let requests = try await requests()
        let numbers = try [PluginRequest.Verb.disable, .enable].map { verb in
            try store.add(PluginRequest(verb: verb, plugin: "c-echo", mode: nil))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await requests.carryOut() } }
            try await group.waitForAll()
        }
        #expect(memory.switched == [true, false])
        #expect(try numbers.map { try store.takeAnswer(ofPluginRequest: $0) } == ["", ""])
    }

    @Test("that make no sense are answered in words")
    func senseless() async throws {
        let requests = try await requests()
        let number = try store.add(PluginRequest(verb: .retry, plugin: "nobody", mode: nil))
        try await requests.carryOut()
        #expect(try store.takeAnswer(ofPluginRequest: number)?.contains("There is no plugin nobody") == true)
    }
}
