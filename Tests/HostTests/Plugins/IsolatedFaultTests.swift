import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// Plugins that fail in a process of their own, which the server's process does not notice.
@Suite("Faults of plugins in processes of their own", .timeLimit(.minutes(2)))
struct IsolatedFaultTests {
    private static let short: CallDeadlines = {
        var deadlines = CallDeadlines()
        deadlines.test = .milliseconds(300)
        return deadlines
    }()

    private func plugin(_ fault: String) async throws -> IsolatedPlugin {
        try await FixturePlugins.isolated(FixturePlugins.fault(fault))
    }

    /// Runs `body` while calls of a sound plugin go on, none of which may fail.
    private func besideSoundCalls(_ body: () async throws -> Void) async throws {
        let sound = try await plugin("none")
        let client = RemoteDownloadClient(try await sound.instance())
        let calls = Task {
            var count = 0
            while !Task.isCancelled {
                guard try await client.test().version == "none" else { throw PluginError(.internal, "It lied.") }
                count += 1
                await Task.yield()
            }
            return count
        }
        do {
            try await body()
        } catch {
            calls.cancel()
            throw error
        }
        calls.cancel()
        do {
            #expect(try await calls.value > 0)
        } catch let error as PluginError where error.code == .cancelled {
            // The last call was given up with the task.
        }
        sound.stop()
    }

    /// That the process of a plugin is gone, and everything in its group.
    private func expectGone(_ group: pid_t) async {
        await eventually("the plugin's processes have ended") { kill(-group, 0) == -1 && errno == ESRCH }
    }

    @Test(
        "that end the process fail the call in words, and nothing is left",
        arguments: [
            ("segfault", "SIGSEGV"), ("abort-in-thread", "SIGABRT"), ("exit", "code 3"), ("exit-at-once", "code 4"),
            ("stack-overflow", "SIGSEGV"), ("leaves-child", "code 0"), ("closes-protocol", ""),
            ("writes-garbage", "disturbed the connection"),
        ]
    )
    func crashes(fault: String, words: String) async throws {
        try await besideSoundCalls {
            let plugin = try await plugin(fault)
            let instance = try await plugin.instance()
            let process = try #require(plugin.status.processID)
            let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(instance).test() }
            #expect(error?.code.value == .pluginCrashed)
            #expect(words.isEmpty || error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(plugin.status.crashes == 1)
            await expectGone(process)
            // It works again for whatever has no fault.
            #expect(try await RemoteDownloadClient(instance).changes(since: nil).isComplete)
            plugin.stop()
        }
    }

    @Test(
        "that crash between two calls or at the end do not spoil what was answered",
        .serialized,
        arguments: [
            "crash-when-idle", "crash-in-destroy",
        ]
    )
    func lateCrashes(fault: String) async throws {
        let plugin = try await plugin(fault)
        let instance = try await plugin.instance()
        let process = try #require(plugin.status.processID)
        do {
            #expect(try await RemoteDownloadClient(instance).test().version == fault)
        } catch let error as PluginError where fault == "crash-when-idle" {
            #expect(error.code.value == .pluginCrashed)
        }
        await instance.shutDown()
        await expectGone(process)
        // The process is gone a moment before the server has noticed it.
        await eventually("its end is counted") { plugin.status.crashes == 1 }
        plugin.stop()
    }

    @Test("that crash or hang while an instance is made fail that", arguments: ["crash-in-create", "hang-in-create"])
    func creation(fault: String) async throws {
        let plugin = try await plugin(fault)
        let error = await #expect(throws: PluginError.self) {
            try await plugin.makeInstance(
                settings: WireJSON.emptyObject,
                host: HostService(services: RecordingServices()),
                within: .milliseconds(300)
            )
        }
        #expect(error?.code.value == (fault == "crash-in-create" ? .pluginCrashed : .deadlineExceeded))
        let process = plugin.status.processID
        plugin.stop()
        if let process { await expectGone(process) }
    }

    @Test(
        "that keep a caller waiting are given up at the deadline, and the process ends when it is told to",
        arguments: [
            "hang", "never-replies", "replies-after-cancel", "replies-after-destroy", "hang-in-cancel",
            "crash-in-cancel", "holds-on",
        ]
    )
    func hangs(fault: String) async throws {
        try await besideSoundCalls {
            let plugin = try await plugin(fault)
            let instance = try await plugin.instance()
            let process = try #require(plugin.status.processID)
            let error = await #expect(throws: PluginError.self) {
                try await RemoteDownloadClient(instance, deadlines: Self.short).test()
            }
            #expect(error?.code.value == .deadlineExceeded)
            plugin.stop()
            await expectGone(process)
        }
    }

    @Test(
        "that answer nonsense are refused in words",
        arguments: ["giant-json", "giant-attachment", "bad-json", "bad-utf8", "bad-failure"]
    )
    func nonsense(fault: String) async throws {
        try await besideSoundCalls {
            let plugin = try await plugin(fault)
            let instance = try await plugin.instance()
            let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(instance).test() }
            #expect(error?.code.value == .badResponse)
            #expect(plugin.status.crashes == 0)
            #expect(try await RemoteDownloadClient(instance).changes(since: nil).isComplete)
            plugin.stop()
        }
    }

    @Test(
        "that do more than they are asked change nothing",
        arguments: [
            "none", "newer-minor", "replies-twice", "prints", "logs-much", "spawns", "ignores-signals",
            "closes-foreign", "leaks-descriptors", "leaks-threads", "hang-in-destroy",
        ]
    )
    func surplus(fault: String) async throws {
        try await besideSoundCalls {
            let plugin = try await plugin(fault)
            let instance = try await plugin.instance()
            let process = try #require(plugin.status.processID)
            #expect(try await RemoteDownloadClient(instance).test().version == fault)
            #expect(try await RemoteDownloadClient(instance).changes(since: nil).isComplete)
            plugin.stop()
            await expectGone(process)
        }
    }

    @Test("that end a plugin in Swift end nothing else, and its last words are lines")
    func swift() async throws {
        let lines = AsyncStream.makeStream(of: String.self)
        try await besideSoundCalls {
            let plugin = try await FixturePlugins.isolated(
                FixturePlugins.swiftEcho,
                line: { lines.continuation.yield($1) }
            )
            let instance = try await plugin.instance(#"{"host":"crash"}"#)
            let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(instance).test() }
            #expect(error?.code.value == .pluginCrashed)
            plugin.stop()
        }
        for await line in lines.stream where line.contains("This is what was asked for.") { return }
    }

    @Test("that take all memory that there is for them end alone")
    func memory() async throws {
        try await besideSoundCalls {
            let plugin = try await plugin("leaks-memory")
            let instance = try await plugin.instance()
            let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(instance).test() }
            #expect(error?.code.value == .pluginCrashed)
            plugin.stop()
        }
    }

    @Test("that promise bytes which never come hold up calls only for a while")
    func lyingHead() async throws {
        let plugin = try await plugin("writes-lying-head")
        let client = RemoteDownloadClient(try await plugin.instance(), deadlines: Self.short)
        await #expect(throws: PluginError.self) { try await client.test() }
        plugin.stop()
    }

    @Test(
        "that come when the library is loaded are found by a look at it",
        arguments: [
            ("crash-on-load", PluginRefusal.Code.crashedOnLoad, "SIGSEGV"), ("exit-on-load", .crashedOnLoad, "code 0"),
            ("abort-in-entry", .crashedOnLoad, "SIGABRT"), ("hang-on-load", .slowOnLoad, "in time"),
            ("hang-in-entry", .slowOnLoad, "in time"),
        ]
    )
    func loading(fault: String, code: PluginRefusal.Code, words: String) async throws {
        try await besideSoundCalls {
            let refusal = await #expect(throws: PluginRefusal.self) {
                try await RunnerScan.scan(
                    FixturePlugins.fault(fault),
                    program: FixturePlugins.runner,
                    within: .milliseconds(700)
                )
            }
            #expect(refusal?.code == code && refusal?.state == .quarantined)
            #expect(refusal?.reason.contains(words) == true, "\(refusal?.reason ?? "")")
        }
    }

    @Test("leave no thread and no descriptor behind")
    func leaks() async throws {
        func used() throws -> (threads: Int, descriptors: Int) {
            func count(_ folder: String) throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/" + folder).count
            }
            return (try count("task"), try count("fd"))
        }
        // The first one starts what stays.
        try await crashes(fault: "segfault", words: "SIGSEGV")
        let before = try used()
        for _ in 0..<3 {
            for fault in ["exit", "segfault", "leaves-child"] { try await crashes(fault: fault, words: "") }
            try await hangs(fault: "hang")
            try await nonsense(fault: "bad-json")
        }
        await eventually("threads and descriptors are given back") {
            guard let now = try? used() else { return false }
            return now.threads <= before.threads + 2 && now.descriptors <= before.descriptors + 1
        }
    }
}
