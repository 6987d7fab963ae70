import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

struct ConnectionTestTests {
    private let bench: RegistryWorld
    private let rings = RegistryWorld.Counter()

    init() async throws {
        bench = try RegistryWorld()
    }

    private func failing() async throws -> Instance {
        let instance = try await bench.addInstance()
        await bench.registry.recordFailure(instance.id, PluginError(.unauthorized, "No."))
        await bench.registry.onChange { [rings] in rings.add() }
        return try #require(await bench.registry.instance(instance.id))
    }

    @Test("a test that works has a failing client asked at once")
    func resets() async throws {
        let instance = try await failing()
        #expect(await bench.connectionTest().run(instance).isSuccess)
        let health = await bench.registry.instance(instance.id)?.health
        #expect(health?.message == nil && health?.mayTry(at: bench.clock.now) == true)
        #expect(health?.lastSuccess == bench.clock.now)
        #expect(rings.count == 1)
    }

    @Test("a test of a saved instance has a connection of its own, which ends with it; the one in use goes on")
    func fresh() async throws {
        let instance = try await bench.addInstance()
        let client = try await bench.registry.downloadClient(instance.id)
        #expect(await bench.connectionTest().run(instance).isSuccess)
        bench.plugins.state.withLock { $0.answer = .failure(PluginError(.unauthorized, "No.")) }
        #expect(await bench.connectionTest().run(instance).failure?.code == "UNAUTHORIZED")
        #expect(bench.plugins.state.withLock { [$0.connections, $0.shutDowns] } == [3, 2])
        bench.plugins.state.withLock { $0.answer = .success(ConnectionReport(version: "2")) }
        #expect(try await client.test().version == "2")
        #expect(bench.plugins.state.withLock(\.connections) == 3)
    }

    @Test("a test of a saved instance finds nothing of what its plugin has stored, and leaves nothing there")
    func ownValues() async throws {
        let instance = try await bench.addInstance()
        let values = InstanceValues(instanceID: instance.id, store: bench.store)
        try await values.setValue(Data("a session".utf8), for: "cookie")
        let trial = instance.onTrial
        let onTrial = InstanceValues(instanceID: trial.id, store: bench.store)
        #expect(try await onTrial.value(for: "cookie") == nil)
        try await onTrial.setValue(Data("another".utf8), for: "cookie")
        #expect(try await values.value(for: "cookie") == Data("a session".utf8))
        _ = await bench.connectionTest().run(instance)
        #expect(bench.served.all.allSatisfy { $0 != instance.id } && !bench.served.all.isEmpty)
    }

    @Test("a test that works ends the connection of an instance that failed: it may remember a refused login")
    func renews() async throws {
        let instance = try await bench.addInstance()
        _ = try await bench.registry.downloadClient(instance.id)
        await bench.registry.recordFailure(instance.id, PluginError(.unauthorized, "No."))
        #expect(await bench.connectionTest().run(instance).isSuccess)
        _ = try await bench.registry.downloadClient(instance.id)
        #expect(bench.plugins.state.withLock { [$0.connections, $0.shutDowns] } == [3, 2])
    }

    @Test("a test that works wakes the loop of a client whose health is good, for it may wait all the same")
    func wakes() async throws {
        let instance = try await bench.addInstance()
        await bench.registry.onChange { [rings] in rings.add() }
        _ = await bench.connectionTest().run(instance)
        #expect(rings.count == 1)
    }

    @Test(
        "a test of other settings than the saved ones leaves the saved instance as it is",
        arguments: ["host", "plugin", "password"]
    )
    func otherSettings(change: String) async throws {
        var instance = try await failing()
        switch change {
        case "host": instance.settings["host"] = "two"
        case "plugin": instance.implementation = "crate"
        default: instance.secrets["password"] = "another-word"
        }
        #expect(await bench.connectionTest().run(instance).isSuccess)
        #expect(await bench.registry.instance(instance.id)?.health.message == "No.")
        #expect(rings.count == 0)
    }

    @Test("a test with another plugin asks that plugin, also when the settings are the same")
    func otherPlugin() async throws {
        var instance = try await bench.addInstance()
        instance.implementation = "crate"
        _ = await bench.connectionTest().run(instance)
        #expect(bench.plugins.calls == ["crate provider.test"])
    }

    @Test("a secret of unsaved settings is not in what the plugin says about them")
    func redacts() async throws {
        var instance = try await bench.addInstance()
        instance.secrets["password"] = "unsaved-word"
        var report = ConnectionReport()
        report.checks = [.init("login", ok: false, message: "unsaved-word is wrong")]
        report.warnings = [.init("odd", "unsaved-word is odd")]
        bench.plugins.state.withLock { [report] in $0.answer = .success(report) }
        let verdict = await bench.connectionTest().run(instance)
        #expect(verdict.failure?.message == "*** is wrong")
        #expect(!String(decoding: verdict.json, as: UTF8.self).contains("unsaved-word"))
    }

    @Test("a secret in the path that a client saves to is looked for as it is, and shown to nobody")
    func redactsPath() async throws {
        var instance = try await bench.addInstance()
        instance.secrets["password"] = "unsaved-word"
        let path = bench.folder + "/unsaved-word"
        #expect(mkdir(path, 0o755) == 0)
        var report = ConnectionReport()
        report.savePath = path
        bench.plugins.state.withLock { [report] in $0.answer = .success(report) }
        let verdict = await bench.connectionTest().run(instance)
        #expect(verdict.folder?.isVisible == true && verdict.report.savePath == bench.folder + "/***")
        #expect(!String(decoding: verdict.json, as: UTF8.self).contains("unsaved-word"))
    }

    @Test("a client's folder that is a file is said to be no folder, whatever failed before")
    func noFolder() async throws {
        let file = bench.folder + "/file"
        try Data().write(to: URL(filePath: file))
        errno = EACCES
        let findings = PathProbe(savePath: file, mappings: [], library: bench.folder).run()
        #expect(!findings.isVisible)
        #expect(findings.warnings.first?.message.contains("(it is not a folder)") == true)
    }

    @Test("the folder of a category need not be there yet, if the one around it is")
    func categoryFolder() async throws {
        let folder = bench.folder + "/movies"
        let findings = PathProbe(savePath: folder, mappings: [], library: bench.folder, isOfCategory: true).run()
        #expect(findings.isVisible && findings.isWritable && findings.localPath == folder)
        #expect(findings.checks.first?.message?.contains("not there yet") == true && findings.warnings.isEmpty)
        #expect(!PathProbe(savePath: folder, mappings: [], library: bench.folder).run().isVisible)
        let lost = PathProbe(savePath: folder + "/films", mappings: [], library: bench.folder, isOfCategory: true)
        #expect(!lost.run().isVisible)
    }

    @Test("a client's folder can be read, written and linked from")
    func folder() async throws {
        let findings = PathProbe(savePath: bench.folder, mappings: [], library: bench.folder).run()
        #expect(findings.isVisible && findings.isWritable && findings.canHardlink)
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder)
        #expect(!names.contains { $0.hasPrefix(".kinodock-probe") })
    }
}

struct BlockingDeadlineTests {
    @Test("work that does not come back is not waited for", .timeLimit(.minutes(1)))
    func gone() async {
        let gate = Semaphore()
        let result = await BlockingWork.run(within: .milliseconds(20)) {
            gate.wait()
            return 7
        }
        #expect(result == nil)
        gate.signal()
    }

    @Test("work that comes back in time is answered with what it found", .timeLimit(.minutes(1)))
    func inTime() async {
        #expect(await BlockingWork.run(within: .seconds(50)) { 7 } == 7)
    }
}
