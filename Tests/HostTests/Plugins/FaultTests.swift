import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// Plugins that fail in ways which the process survives; Tests/EndToEnd/test_faults.py has the others.
@Suite("Faults of plugins in this process", .timeLimit(.minutes(1)))
struct FaultTests {
    private let services = RecordingServices()

    private static let short: CallDeadlines = {
        var deadlines = CallDeadlines()
        deadlines.test = .milliseconds(50)
        return deadlines
    }()

    private func makeInstance(_ fault: String) async throws -> InProcessTransport {
        try await FixturePlugins.echo(services, of: FixturePlugins.fault(fault))
    }

    /// That the plugin still does what it is asked.
    private func expectWorking(_ instance: InProcessTransport) async throws {
        #expect(try await RemoteDownloadClient(instance).changes(since: nil).isComplete)
    }

    @Test("a table of a later minor version is used as far as it is known")
    func newerMinor() async throws {
        let plugin = try PluginLoader.load(FixturePlugins.fault("newer-minor"))
        #expect(plugin.minor > 7)
        let instance = try await makeInstance("newer-minor")
        #expect(try await RemoteDownloadClient(instance).test().version == "newer-minor")
        #expect(await instance.shutDown(within: .seconds(5)))
    }

    @Test("a reply that comes with the cancel is late, and nothing of it is told")
    func repliesAfterCancel() async throws {
        let instance = try await makeInstance("replies-after-cancel")
        for _ in 0..<3 {
            let error = await #expect(throws: PluginError.self) {
                try await RemoteDownloadClient(instance, deadlines: Self.short).test()
            }
            #expect(error?.code.value == .deadlineExceeded)
        }
        try await expectWorking(instance)
        #expect(await instance.shutDown(within: .seconds(5)))
        #expect(services.record.withLock { $0.log.filter { $0.contains("more than once") } } == [])
    }

    @Test("a reply after the end of the instance reaches nobody")
    func repliesAfterDestroy() async throws {
        for _ in 0..<20 {
            let instance = try await makeInstance("replies-after-destroy")
            let call = Task { try await RemoteDownloadClient(instance).test() }
            try await expectWorking(instance)
            #expect(await instance.shutDown(within: .seconds(5)))
            let error = await #expect(throws: PluginError.self) { try await call.value }
            #expect(error?.code.value == .cancelled)
        }
    }

    @Test("cancels that never return hold up no call")
    func hangInCancel() async throws {
        let instance = try await makeInstance("hang-in-cancel")
        let client = RemoteDownloadClient(instance, deadlines: Self.short)
        for _ in 0..<4 {
            let error = await #expect(throws: PluginError.self) { try await client.test() }
            #expect(error?.code.value == .deadlineExceeded)
        }
        try await expectWorking(instance)
        #expect(await instance.shutDown(within: .milliseconds(50)) == false)
    }

    @Test("an instance that does not end is given up, and the next one works")
    func hangInDestroy() async throws {
        let first = try await makeInstance("hang-in-destroy")
        #expect(await first.shutDown(within: .milliseconds(50)) == false)
        #expect(services.record.withLock { $0.log.contains("The plugin did not end in order.") })
        let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(first).test() }
        #expect(error?.code.value == .cancelled)
        let second = try await makeInstance("hang-in-destroy")
        try await expectWorking(second)
        _ = await second.shutDown(within: .milliseconds(50))
    }

    @Test("an answer that is no UTF-8 is refused in words")
    func badUTF8() async throws {
        let client = RemoteDownloadClient(try await makeInstance("bad-utf8"))
        let error = await #expect(throws: PluginError.self) { try await client.test() }
        #expect(error?.code.value == .badResponse && error?.message.contains("provider.test") == true)
    }

    @Test("a failure without words of its own gets some")
    func badFailure() async throws {
        let client = RemoteDownloadClient(try await makeInstance("bad-failure"))
        let error = await #expect(throws: PluginError.self) { try await client.test() }
        #expect(error?.code.value == .badResponse && error?.message.contains("fault-bad-failure") == true)
    }

    @Test("a plugin with faults leaves others alone")
    func neighbours() async throws {
        let healthy = try await makeInstance("none")
        let hanging = try await makeInstance("hang-in-cancel")
        let call = Task { try? await RemoteDownloadClient(hanging, deadlines: Self.short).test() }
        for _ in 0..<100 { #expect(try await RemoteDownloadClient(healthy).test().version == "none") }
        _ = await call.value
        #expect(await healthy.shutDown(within: .seconds(5)))
        _ = await hanging.shutDown(within: .milliseconds(50))
    }
}
