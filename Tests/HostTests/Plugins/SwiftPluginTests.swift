import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("A Swift plugin behind the C contract", .timeLimit(.minutes(1)))
struct SwiftPluginTests {
    private let services = RecordingServices()

    private func makeInstance(_ settings: String = #"{"host":"nas"}"#) async throws -> InProcessTransport {
        try await PluginLoader.load(FixturePlugins.swiftEcho).makeTransport(
            settings: Data(settings.utf8),
            host: HostService(services: services)
        )
    }

    @Test("fills the kinds of the manifest in from its protocols")
    func kinds() throws {
        #expect(try PluginLoader.load(FixturePlugins.swiftEcho).manifest.kinds == [.known(.downloadClient)])
    }

    @Test("answers with its own types")
    func item() async throws {
        let client = RemoteDownloadClient(try await makeInstance())
        let item = try #require(try await client.item("7"))
        #expect(item.id == "7" && item.state == .downloading && item.size == 700 << 20)
        #expect(try await client.item("none") == nil)
    }

    @Test("gets attachments and reaches every service of the host")
    func services() async throws {
        let client = RemoteDownloadClient(try await makeInstance())
        var request = AddDownload(source: .torrent)
        request.name = "A film"
        let added = try await client.add(request, file: Data("torrent".utf8))
        #expect(added.id == "7")
        let report = try await client.test()
        #expect(report.version == "http://nas:8080/")
        let record = services.record.withLock { $0 }
        #expect(record.values["last"] == Data("torrent".utf8))
        #expect(record.events == ["changed"])
        #expect(record.log == ["added"])
    }

    @Test(
        "names the field of a setting that is missing, of the wrong type, or refused by the plugin",
        arguments: [(#"{}"#, "host"), (#"{"host":"nas","port":"http"}"#, "port"), (#"{"host":"invalid"}"#, "host")]
    )
    func settings(json: String, field: String) async throws {
        let error = await #expect(throws: PluginError.self) { try await makeInstance(json) }
        #expect(error?.code.value == .invalid)
        #expect(error?.field == field)
    }

    @Test("does not tell the text of an error that is not a PluginError, because it may hold a secret")
    func secret() async throws {
        let client = RemoteDownloadClient(try await makeInstance())
        let error = await #expect(throws: PluginError.self) { try await client.item("secret") }
        #expect(error?.code.value == .internal)
        #expect(error?.message.contains("LeakyError") == true)
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test("says that it does not have a method")
    func unsupported() async throws {
        let instance = try await makeInstance()
        let error = await #expect(throws: PluginError.self) { try await RemoteIndexer(instance).capabilities() }
        #expect(error?.code.value == .unsupported)
        #expect(error?.message.contains("indexer.capabilities") == true)
    }

    @Test("names the parameter that is missing")
    func missingParameter() async throws {
        let instance = try await makeInstance()
        let error = await #expect(throws: PluginError.self) {
            try await instance.call(
                method: "download.item",
                json: Data("{}".utf8),
                attachment: nil,
                deadline: .seconds(5)
            )
        }
        #expect(error?.code.value == .invalid)
        #expect(error?.field == "id")
    }

    @Test("ends in order while a call is open")
    func shutDown() async throws {
        let instance = try await makeInstance()
        let open = Task { try await RemoteDownloadClient(instance).item("hang") }
        #expect(await instance.shutDown(within: .seconds(5)))
        let error = await #expect(throws: PluginError.self) { try await open.value }
        #expect(error?.code.value == .cancelled)
    }

    @Test("is timed with settings made up for its form")
    func timing() async throws {
        let plugin = try PluginLoader.load(FixturePlugins.swiftEcho)
        let timing = try await CallTiming.measure(
            plugin,
            settings: WireJSON.encode(SampleSettings.values(for: plugin.manifest.settings, folder: "/")),
            plan: CallTiming.Plan(calls: 20, atOnce: 3),
            clock: SystemClock()
        )
        #expect(timing.method == "download.item" && timing.failure == nil)
        #expect(timing.times.count == 20 && timing.times == timing.times.sorted())
        #expect(timing.median > 0 && timing.median <= timing.p99)
        let times = "median \(timing.median) us, p99 \(timing.p99) us"
        #expect(timing.line.hasPrefix("download.item: \(times), 20 calls 3 at once"))
    }
}
