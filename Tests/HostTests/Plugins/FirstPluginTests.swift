import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// A plugin that was built against the header of version 1.0.
@Suite("A plugin of version 1.0", .timeLimit(.minutes(1)))
struct FirstPluginTests {
    private let services = RecordingServices()

    private func makeInstance(_ settings: String = #"{"folder":"/films"}"#) async throws -> InProcessTransport {
        try await PluginLoader.load(FixturePlugins.candidate("sdk-1-0")).makeTransport(
            settings: Data(settings.utf8),
            host: HostService(services: services)
        )
    }

    @Test("is loaded with the table and the manifest of then")
    func table() throws {
        let plugin = try PluginLoader.load(FixturePlugins.candidate("sdk-1-0"))
        #expect(plugin.minor == 0)
        #expect(plugin.manifest.id == "sdk-1-0" && plugin.manifest.kinds == [.known(.downloadClient)])
        #expect(plugin.manifest.settings.fields.map(\.key) == ["folder", "password"])
    }

    @Test("is created, does its work with every service of the host, and ends")
    func work() async throws {
        let instance = try await makeInstance()
        let client = RemoteDownloadClient(instance)
        let report = try await client.test()
        #expect(report.version == "19 bytes" && report.checks.map(\.ok) == [true])
        let first = try await client.add(AddDownload(source: .magnet, link: "magnet:?first"), file: nil)
        let second = try await client.add(AddDownload(source: .magnet, link: "magnet:?second"), file: nil)
        #expect([first.id, second.id] == ["1", "2"])
        try await client.pause("1")
        let changes = try await client.changes(since: nil)
        #expect(changes.items.map(\.name) == ["magnet:?first", "magnet:?second"])
        #expect(changes.items.map(\.state) == [.known(.paused), .known(.downloading)])
        try await client.resume("1")
        #expect(try await client.item("1")?.state == .known(.downloading))
        try await client.remove("1", deletingData: true)
        #expect(try await client.item("1") == nil)
        #expect(await instance.shutDown(within: .seconds(5)))
        let record = services.record.withLock { $0 }
        #expect(record.values == ["last": Data("2".utf8)] && record.events == ["changed", "changed"])
        #expect(record.log.first == "created")
    }

    @Test("refuses settings, and methods that it does not have")
    func refusals() async throws {
        let invalid = await #expect(throws: PluginError.self) { try await makeInstance("{}") }
        #expect(invalid?.code.value == .invalid && invalid?.field == "folder")
        let client = RemoteDownloadClient(try await makeInstance())
        let unsupported = await #expect(throws: PluginError.self) { try await client.retry("1") }
        #expect(unsupported?.code.value == .unsupported)
        let unknown = await #expect(throws: PluginError.self) { try await client.pause("9") }
        #expect(unknown?.code.value == .notFound)
    }

    @Test("gives up what waits for the host when it is cancelled, and when it ends")
    func cancel() async throws {
        let instance = try await makeInstance()
        let client = RemoteDownloadClient(instance)
        let cancelled = Task { try await client.files(of: "1") }
        cancelled.cancel()
        let error = await #expect(throws: PluginError.self) { try await cancelled.value }
        #expect(error?.code.value == .cancelled)
        let open = Task { try await client.files(of: "1") }
        #expect(await instance.shutDown(within: .seconds(5)))
        await #expect(throws: PluginError.self) { try await open.value }
    }
}
