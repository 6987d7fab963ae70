import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("A plugin in a process of its own", .timeLimit(.minutes(1)))
struct IsolatedPluginTests {
    private static let short: CallDeadlines = {
        var deadlines = CallDeadlines()
        deadlines.other = .milliseconds(50)
        return deadlines
    }()

    @Test("is called like one in the server's process", arguments: ["c-echo", "c-hasty"])
    func item(id: String) async throws {
        let instance = try await FixturePlugins.isolated(id).instance()
        let client = RemoteDownloadClient(instance)
        let item = try #require(try await client.item("7"))
        #expect(item.name == "An item" && item.size == 1000)
        #expect(try await client.item("none") == nil)
        await instance.shutDown()
    }

    @Test("may be written in Swift")
    func swift() async throws {
        let plugin = try await FixturePlugins.isolated(FixturePlugins.swiftEcho)
        let instance = try await plugin.instance(#"{"host":"nas"}"#)
        #expect(try await RemoteDownloadClient(instance).item("7")?.id == "7")
        plugin.stop()
    }

    @Test("is given bytes and gives them back", arguments: [0, 1, 100_000, 5_000_000])
    func attachment(count: Int) async throws {
        let instance = try await FixturePlugins.isolated("c-echo").instance()
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0) })
        let answer = try await instance.call(
            method: "download.add",
            json: WireJSON.emptyObject,
            attachment: bytes,
            deadline: .seconds(10)
        )
        #expect(answer.attachment ?? Data() == bytes)
        await instance.shutDown()
    }

    @Test("answers a thousand calls side by side, each with its own answer")
    func concurrent() async throws {
        let instance = try await FixturePlugins.isolated("c-hasty").instance()
        let client = RemoteDownloadClient(instance)
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<1000 { group.addTask { try await client.item("\(number)")?.id } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(ids == Set((0..<1000).map { "\($0)" }))
        await instance.shutDown()
    }

    @Test("reaches the host: its values, its log, and errors of calls that make no sense")
    func host() async throws {
        let services = RecordingServices(values: ["greeting": Data("hello".utf8)])
        let instance = try await FixturePlugins.isolated("c-echo").instance(services: services)
        let client = RemoteDownloadClient(instance)
        #expect(try await client.item("host")?.name == "hello")
        #expect(try await client.item("bad-host")?.name == "invalid")
        #expect(try await client.item("again")?.name == "200")
        #expect(try await client.item("flood")?.name == "rate_limited")
        #expect(services.record.withLock { $0.log.contains("created") })
        await instance.shutDown()
    }

    @Test("is given up at the deadline of a call", arguments: ["hang", "late", "block"])
    func deadline(id: String) async throws {
        let instance = try await FixturePlugins.isolated("c-echo").instance()
        let error = await #expect(throws: PluginError.self) {
            try await RemoteDownloadClient(instance, deadlines: Self.short).item(id)
        }
        #expect(error?.code.value == .deadlineExceeded)
        #expect(try await RemoteDownloadClient(instance).item("next")?.id == "next")
        await instance.shutDown()
    }

    @Test("is told when a caller gives up")
    func cancellation() async throws {
        let services = RecordingServices()
        let instance = try await FixturePlugins.isolated("c-echo").instance(services: services)
        let call = Task { try await RemoteDownloadClient(instance).item("block") }
        await services.logged("blocked")
        call.cancel()
        let error = await #expect(throws: PluginError.self) { try await call.value }
        #expect(error?.code.value == .cancelled)
        #expect(try await RemoteDownloadClient(instance).item("next")?.id == "next")
        await instance.shutDown()
    }

    @Test("fails the calls that are open when it crashes, and works again with the same instances")
    func crash() async throws {
        let services = RecordingServices()
        let plugin = try await FixturePlugins.isolated("c-echo")
        let (first, second) = (try await plugin.instance(services: services), try await plugin.instance())
        let process = plugin.status.processID
        let waiting = Task { try await RemoteDownloadClient(second).item("hang") }
        let blocked = Task { try await RemoteDownloadClient(first).item("block") }
        await services.logged("blocked")
        let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(first).item("crash") }
        #expect(error?.code.value == .pluginCrashed)
        #expect(error?.message.contains("SIGSEGV") == true)
        for call in [waiting, blocked] {
            let error = await #expect(throws: PluginError.self) { try await call.value }
            #expect(error?.code.value == .pluginCrashed)
        }
        for instance in [first, second] {
            #expect(try await RemoteDownloadClient(instance).item("7")?.id == "7")
        }
        #expect(plugin.status.crashes == 1 && plugin.status.processID != process)
        #expect(plugin.status.lastCrash?.contains("SIGSEGV") == true)
        plugin.stop()
    }

    @Test("is not started any more after too many crashes, until a person says so")
    func crashesOften() async throws {
        var policy = RestartPolicy()
        policy.waits = [0]
        policy.limit = 3
        let plugin = try await FixturePlugins.isolated("c-echo", policy: policy)
        let client = RemoteDownloadClient(try await plugin.instance())
        for _ in 0..<3 { await #expect(throws: PluginError.self) { try await client.item("crash") } }
        let error = await #expect(throws: PluginError.self) { try await client.item("7") }
        #expect(error?.code.value == .pluginCrashed)
        #expect(error?.message.contains("retry") == true)
        #expect(plugin.status.isGivenUp)
        plugin.retry()
        #expect(try await client.item("7")?.id == "7")
        plugin.stop()
    }

    @Test("waits before it is started again, and says how long")
    func backOff() async throws {
        var policy = RestartPolicy()
        policy.waits = [3600]
        let plugin = try await FixturePlugins.isolated("c-echo", policy: policy)
        let client = RemoteDownloadClient(try await plugin.instance())
        await #expect(throws: PluginError.self) { try await client.item("crash") }
        let error = await #expect(throws: PluginError.self) { try await client.item("7") }
        #expect(error?.code.value == .pluginCrashed && error?.retryAfter == 3600)
        plugin.retry()
        #expect(try await client.item("7")?.id == "7")
        plugin.stop()
    }

    @Test("prints lines, and nothing breaks")
    func prints() async throws {
        let lines = AsyncStream.makeStream(of: String.self)
        let plugin = try await FixturePlugins.isolated(
            "c-echo",
            line: { stream, text in
                lines.continuation.yield("\(stream.rawValue): \(text)")
            }
        )
        let instance = try await plugin.instance()
        #expect(try await RemoteDownloadClient(instance).item("print")?.name == "printed")
        plugin.stop()
        var seen: Set<String> = []
        for await line in lines.stream {
            seen.insert(line)
            if seen.count == 3 { break }
        }
        #expect(seen == ["stdout: one", "stdout: two", "stderr: three"])
    }

    @Test("says what is wrong with the settings, and no instance is left")
    func badSettings() async throws {
        let plugin = try await FixturePlugins.isolated(FixturePlugins.fault("refuses-create"))
        let error = await #expect(throws: PluginError.self) { try await plugin.instance() }
        #expect(error?.code.value == .invalid)
        plugin.stop()
    }

    @Test("ends its process when it is stopped, and later calls fail")
    func stop() async throws {
        let ended = AsyncStream.makeStream(of: Void.self)
        let plugin = try await FixturePlugins.isolated("c-echo", changed: { _ = ended.continuation.yield() })
        let client = RemoteDownloadClient(try await plugin.instance())
        let process = try #require(plugin.status.processID)
        plugin.stop()
        for await _ in ended.stream where plugin.status.processID == nil { break }
        #expect(kill(process, 0) == -1 && errno == ESRCH)
        let error = await #expect(throws: PluginError.self) { try await client.item("7") }
        #expect(error?.code.value == .cancelled)
    }

    @Test(
        "that cannot be used is refused with the words of a plugin in the server's process",
        arguments: ["wrong-magic", "short-table", "bad-manifest", "host-too-old", "missing-library", "no-symbol"]
    )
    func refused(fault: String) async throws {
        let here = #expect(throws: PluginRefusal.self) { try PluginLoader.load(FixturePlugins.fault(fault)) }
        let there = await #expect(throws: PluginRefusal.self) {
            try await RunnerScan.scan(FixturePlugins.fault(fault), program: FixturePlugins.runner)
        }
        #expect(here?.code == there?.code && here?.state == there?.state)
    }

    @Test("that is refused when its process is started has not crashed")
    func refusedLater() async throws {
        let folder = try TemporaryFolder()
        let candidate = FixturePlugins.candidate("c-echo", in: folder.path)
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: candidate.path)
        let plugin = try await FixturePlugins.isolated(candidate)
        try TemporaryFolder.copy(FixturePlugins.fault("short-table").path, to: candidate.path)
        for _ in 0..<20 {
            let error = await #expect(throws: PluginError.self) { try await plugin.instance() }
            #expect(error?.code.value == .internal)
        }
        #expect(plugin.status.crashes == 0)
    }

    @Test("keeps nobody waiting past a deadline, or who gives up, when its process is slow to come back")
    func slowStart() async throws {
        let folder = try TemporaryFolder()
        let program = folder.path + "/runner"
        #expect(symlink(FixturePlugins.runner.path, program) == 0)
        let plugin = IsolatedPlugin(
            manifest: try await RunnerScan.scan(FixturePlugins.candidate("c-echo"), program: FixturePlugins.runner)
                .manifest,
            candidate: FixturePlugins.candidate("c-echo"),
            program: RunnerProgram(path: program, environment: ProcessInfo.processInfo.environment)
        )
        let instance = try await plugin.instance()
        #expect(unlink(program) == 0)
        try TemporaryFolder.write(Array("#!/bin/sh\nexec sleep 60\n".utf8), to: program)
        #expect(chmod(program, 0o755) == 0)
        await #expect(throws: PluginError.self) { try await RemoteDownloadClient(instance).item("crash") }
        let start = ContinuousClock.now
        let late = await #expect(throws: PluginError.self) {
            try await RemoteDownloadClient(instance, deadlines: Self.short).item("7")
        }
        #expect(late?.code.value == .deadlineExceeded)
        let call = Task { try await RemoteDownloadClient(instance).item("7") }
        call.cancel()
        let cancelled = await #expect(throws: PluginError.self) { try await call.value }
        #expect(cancelled?.code.value == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(5))
        plugin.stop()
    }

    @Test("answers a creation that was given up before it was done")
    func givenUpCreation() async throws {
        let (session, _) = try await RunnerSession.start(
            FixturePlugins.runner,
            FixturePlugins.fault("asks-in-create"),
            within: .seconds(10),
            listener: RunnerListener()
        )
        defer { session.stop() }
        let host = SilentHost()
        let creation = Task {
            try await session.create(settings: WireJSON.emptyObject, host: host, within: .seconds(30))
        }
        await host.latch.arrivals()
        creation.cancel()
        await #expect(throws: PluginError.self) { try await creation.value }
        #expect(session.openCount == 1)
        host.latch.open()
        await eventually("the runner has answered") { session.openCount == 0 }
    }

    @Test("is answered by its own process when it waits for a host that does nothing more for an instance")
    func silentHost() async throws {
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        let (session, _) = try await RunnerSession.start(
            FixturePlugins.runner,
            FixturePlugins.fault("asks-in-create"),
            within: .seconds(10),
            listener: RunnerListener(line: { _, text in line.yield(text) })
        )
        defer { session.stop() }
        let host = SilentHost()
        await #expect(throws: PluginError.self) {
            try await session.create(settings: WireJSON.emptyObject, host: host, within: .milliseconds(200))
        }
        #expect(await lines.first { _ in true } == "the host has answered")
        host.latch.open()
    }

    @Test("runs nothing of a file that is not the one that was looked at")
    func exchanged() async throws {
        let folder = try TemporaryFolder()
        let candidate = FixturePlugins.candidate("fault-crash-on-load", in: folder.path)
        try TemporaryFolder.copy(FixturePlugins.fault("none").path, to: candidate.path)
        let status = try #require(PluginFileStatus(candidate.path))
        #expect(PluginFileStatus(text: status.text) == status && PluginFileStatus(text: "any") == nil)
        try TemporaryFolder.copy(FixturePlugins.fault("crash-on-load").path, to: candidate.path)
        let refusal = await #expect(throws: PluginRefusal.self) {
            try await RunnerScan.scan(candidate, program: FixturePlugins.runner, expecting: status)
        }
        #expect(refusal?.code == .truncated)
    }

    @Test("says what to do when there is no runner")
    func noRunner() async throws {
        let program = RunnerProgram(path: "/nowhere/kinodock-runner", environment: [:])
        let refusal = await #expect(throws: PluginRefusal.self) {
            try await RunnerScan.scan(FixturePlugins.candidate("c-echo"), program: program)
        }
        #expect(refusal?.code == .noRunner && refusal?.reason.contains("/nowhere/kinodock-runner") == true)
    }
}

extension FixturePlugins {
    /// The runner that was built beside the tests.
    static var runner: RunnerProgram {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path()
        return RunnerProgram(path: folder + "/kinodock-runner", environment: ProcessInfo.processInfo.environment)
    }

    static func isolated(
        _ id: String,
        policy: RestartPolicy = RestartPolicy(),
        changed: @escaping @Sendable () -> Void = {},
        line: @escaping @Sendable (RunnerListener.Stream, String) -> Void = { _, _ in }
    ) async throws -> IsolatedPlugin {
        try await isolated(candidate(id), policy: policy, changed: changed, line: line)
    }

    static func isolated(
        _ candidate: PluginCandidate,
        policy: RestartPolicy = RestartPolicy(),
        changed: @escaping @Sendable () -> Void = {},
        line: @escaping @Sendable (RunnerListener.Stream, String) -> Void = { _, _ in }
    ) async throws -> IsolatedPlugin {
        IsolatedPlugin(
            manifest: try await RunnerScan.scan(candidate, program: runner).manifest,
            candidate: candidate,
            program: runner,
            policy: policy,
            line: line,
            changed: changed
        )
    }
}

/// A host that answers when the test says so, also to calls that were given up.
private struct SilentHost: HostEndpoint {
    let latch = Latch()

    func answer(
        method: String,
        json: Data,
        attachment: Data?
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        await latch.pass()
        return (WireJSON.emptyObject, nil)
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {}
}

extension IsolatedPlugin {
    /// An instance for a test.
    func instance(
        _ settings: String = "{}",
        services: any HostServices = RecordingServices()
    ) async throws -> any PluginConnection {
        try await makeInstance(
            settings: Data(settings.utf8),
            host: HostService(services: services),
            within: .seconds(10)
        )
    }
}
