import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("Calls to a plugin in this process", .timeLimit(.minutes(1)))
struct InProcessTransportTests {
    private static let short: CallDeadlines = {
        var deadlines = CallDeadlines()
        deadlines.other = .milliseconds(50)
        return deadlines
    }()

    @Test("reach a plugin in plain C")
    func item() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        let item = try #require(try await client.item("7"))
        #expect(item.name == "An item" && item.size == 1000)
        #expect(try await client.item("none") == nil)
    }

    @Test("carry bytes in both directions")
    func attachment() async throws {
        let bytes = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        let answer = try await FixturePlugins.echo().call(
            method: "download.add",
            json: WireJSON.emptyObject,
            attachment: bytes,
            deadline: .seconds(10)
        )
        #expect(answer.attachment == bytes)
    }

    @Test("run side by side, a thousand of them, and each gets its own answer")
    func concurrent() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        let ids = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<1000 { group.addTask { try await client.item("\(number)")?.id } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(ids == Set((0..<1000).map { "\($0)" }))
    }

    @Test("fail at their deadline when the plugin hangs or blocks", arguments: ["hang", "late", "block"])
    func deadline(id: String) async throws {
        let instance = try await FixturePlugins.echo()
        let client = RemoteDownloadClient(instance, deadlines: Self.short)
        let error = await #expect(throws: PluginError.self) { try await client.item(id) }
        #expect(error?.code.value == .deadlineExceeded)
        #expect(error?.message.contains("c-echo") == true)
        #expect(try await RemoteDownloadClient(instance).item("next")?.id == "next")
        #expect(await instance.shutDown(within: .seconds(5)))
    }

    @Test("end with their task, and the late reply is dropped", arguments: ["hang", "late"])
    func cancellation(id: String) async throws {
        let instance = try await FixturePlugins.echo()
        let call = Task { try await RemoteDownloadClient(instance).item(id) }
        call.cancel()
        let error = await #expect(throws: PluginError.self) { try await call.value }
        #expect(error?.code.value == .cancelled)
        #expect(await instance.shutDown(within: .seconds(5)))
    }

    @Test("are answered once by a plugin that replies twice, and the log says so once")
    func twice() async throws {
        let services = RecordingServices()
        let instance = try await FixturePlugins.echo(services)
        let client = RemoteDownloadClient(instance)
        #expect(try await client.item("twice")?.name == "An item")
        #expect(try await client.item("twice")?.name == "An item")
        func complaints() -> Int {
            services.record.withLock { $0.log.filter { $0.contains("more than once") }.count }
        }
        // The second of two replies may still be on its way when the first one has been read.
        await eventually("the second reply is complained of") { complaints() > 0 }
        #expect(await instance.shutDown(within: .seconds(5)))
        #expect(complaints() == 1)
    }

    @Test("that are open when the instance ends fail, and so do later ones")
    func shutDown() async throws {
        let instance = try await FixturePlugins.echo()
        let calls = (0..<20).map { _ in Task { try await RemoteDownloadClient(instance).item("hang") } }
        #expect(await instance.shutDown(within: .seconds(5)))
        for call in calls {
            let error = await #expect(throws: PluginError.self) { try await call.value }
            #expect(error?.code.value == .cancelled)
        }
        let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(instance).item("7") }
        #expect(error?.code.value == .cancelled)
    }

    @Test("that never return do not keep an instance from being given up, and a log line says so")
    func stuck() async throws {
        let services = RecordingServices()
        let instance = try await FixturePlugins.echo(services)
        let call = Task { try await RemoteDownloadClient(instance).item("stuck") }
        await services.logged("stuck")
        #expect(await instance.shutDown(within: .milliseconds(50)) == false)
        await #expect(throws: PluginError.self) { try await call.value }
        await services.logged("The plugin did not end in order.")
    }

    @Test("that block do not hold up others of the plugin")
    func blocked() async throws {
        let services = RecordingServices()
        let client = RemoteDownloadClient(try await FixturePlugins.echo(services))
        let call = Task { try await client.item("stuck") }
        await services.logged("stuck")
        #expect(try await client.item("7")?.id == "7")
        call.cancel()
        await #expect(throws: PluginError.self) { try await call.value }
    }

    @Test("that block on every thread of the plugin are cancelled all the same, and it works on")
    func allThreadsBlocked() async throws {
        let instance = try await FixturePlugins.echo()
        let client = RemoteDownloadClient(instance, deadlines: Self.short)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                // The first that is cancelled lets all go: some of the others are answered in time.
                group.addTask { _ = try? await client.item("block") }
            }
        }
        #expect(try await RemoteDownloadClient(instance).item("7")?.id == "7")
        #expect(await instance.shutDown(within: .seconds(5)))
    }

    @Test(
        "do not take every thread of the server when a plugin blocks that promised not to",
        .enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "one thread is all there are")
    )
    func brokenPromise() async throws {
        let services = RecordingServices()
        let instance = try await FixturePlugins.echo(services, of: FixturePlugins.candidate("c-hasty"))
        let client = RemoteDownloadClient(instance)
        let calls = (0..<5).map { _ in Task { try await client.item("block") } }
        for _ in calls { await services.logged("blocked") }
        #expect(try await client.item("7")?.id == "7")
        calls.forEach { $0.cancel() }
        var codes: [PluginError.Code?] = []
        for call in calls {
            do {
                _ = try await call.value
            } catch let error as PluginError {
                codes.append(error.code.value)
            }
        }
        // The first that is cancelled lets all go: some of the others are answered in time.
        #expect(!codes.isEmpty && codes.allSatisfy { $0 == .cancelled })
        #expect(await instance.shutDown(within: .seconds(5)))
    }

    @Test("get no more than the contract allows: a reply of impossible size is an error with words")
    func endless() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        let error = await #expect(throws: PluginError.self) { try await client.item("endless") }
        #expect(error?.code.value == .badResponse)
        #expect(error?.message.contains("\(UInt.max - 7) bytes") == true)
        #expect(error?.message.contains("\(MessageLimits.largestPart)") == true)
    }

    @Test("may end in a plugin that asks the host from inside of the host's replies")
    func chain() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        #expect(try await client.item("again")?.name == "200")
    }

    @Test("survive a plugin that calls the host without a size, and the log says what is wrong")
    func unsized() async throws {
        let services = RecordingServices()
        let client = RemoteDownloadClient(try await FixturePlugins.echo(services))
        #expect(try await client.item("unsized")?.name == "asked")
        #expect(services.record.withLock { $0.log.contains { $0.contains("kinodock_call has size 0 instead of 88") } })
    }

    @Test("of the host have a limit for each instance")
    func flood() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        #expect(try await client.item("flood")?.name == "rate_limited")
        await eventually("cancelled calls no longer count") { (try? await client.item("host"))?.name == "" }
    }

    @Test("have an end, also with a plugin that goes on talking after its own")
    func lastWords() async throws {
        for _ in 0..<20 {
            let instance = try await FixturePlugins.echo()
            let call = Task { try await RemoteDownloadClient(instance).item("last-words") }
            #expect(try await RemoteDownloadClient(instance).item("7") != nil)
            #expect(await instance.shutDown(within: .seconds(5)))
            await #expect(throws: PluginError.self) { try await call.value }
        }
    }

    @Test("reach the right one of two plugins whose symbols have the same names")
    func twins() async throws {
        let first = RemoteNotifier(try await FixturePlugins.echo(of: FixturePlugins.candidate("twin-a")))
        let second = RemoteNotifier(try await FixturePlugins.echo(of: FixturePlugins.candidate("twin-b")))
        #expect(try await first.test().version == "twin-a 1")
        #expect(try await second.test().version == "twin-b 1")
        #expect(try await first.test().version == "twin-a 2")
    }

    @Test("tell what the plugin says about a failure")
    func failure() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        let error = await #expect(throws: PluginError.self) { try await client.item("secret") }
        #expect(error?.code.value == .unauthorized)
        let unsupported = await #expect(throws: PluginError.self) { try await client.pause("7") }
        #expect(unsupported?.code.value == .unsupported)
    }

    @Test("fail with words when the answer is not what the method promises")
    func garbage() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        let error = await #expect(throws: PluginError.self) { try await client.item("garbage") }
        #expect(error?.code.value == .badResponse)
        #expect(error?.message.contains("download.item") == true)
    }

    @Test("survive a plugin that prints")
    func printing() async throws {
        let client = RemoteDownloadClient(try await FixturePlugins.echo())
        #expect(try await client.item("stdout")?.id == "stdout")
    }

    @Test("can ask the host, which answers bad JSON with an error")
    func host() async throws {
        let services = RecordingServices(values: ["greeting": Data("hello".utf8)])
        let client = RemoteDownloadClient(try await FixturePlugins.echo(services))
        #expect(try await client.item("host")?.name == "hello")
        #expect(try await client.item("bad-host")?.name == "invalid")
        #expect(services.record.withLock(\.log) == ["created"])
    }
}

@Suite("Creation of instances", .timeLimit(.minutes(1)))
struct InstanceCreationTests {
    private func create(_ fault: String, within limit: Duration = .seconds(5)) async throws -> InProcessTransport {
        try await PluginLoader.load(FixturePlugins.fault(fault)).makeTransport(
            settings: WireJSON.emptyObject,
            host: HostService(services: RecordingServices()),
            within: limit
        )
    }

    @Test("fails with the plugin's words")
    func refused() async throws {
        let error = await #expect(throws: PluginError.self) { try await create("refuses-create") }
        #expect(error?.code.value == .invalid && error?.field == "host")
    }

    @Test("fails at its deadline when the plugin hangs")
    func hangs() async throws {
        let error = await #expect(throws: PluginError.self) {
            try await create("hang-in-create", within: .milliseconds(30))
        }
        #expect(error?.code.value == .deadlineExceeded)
    }

    @Test(
        "tells what it came to after it was given up, once, so that nothing of it is kept",
        arguments: [true, false]
    )
    func late(refuses: Bool) async throws {
        let outcomes = Recorder<Bool>()
        let pending = Mutex<PendingCreation?>(nil)
        let outcome = await withUnsafeContinuation { waiter in
            let creation = PendingCreation(waiter) { outcome in
                outcomes.add((try? outcome.get()) != nil)
            }
            pending.withLock { $0 = creation }
            creation.giveUp(PluginError(.deadlineExceeded, "Too late."))
        }
        #expect(throws: PluginError(.deadlineExceeded, "Too late.")) { try outcome.get() }
        let creation = try #require(pending.withLock { $0 })
        creation.replied(refuses ? .failure(PluginError(.invalid, "No.")) : .success((WireJSON.emptyObject, nil)))
        let instance = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
        defer { instance.deallocate() }
        creation.returned(refuses ? nil : InstancePointer(raw: instance))
        #expect(outcomes.all == [!refuses])
    }

    @Test("fails when the plugin gives no instance")
    func noInstance() async throws {
        let error = await #expect(throws: PluginError.self) { try await create("null-instance") }
        #expect(error?.code.value == .badResponse)
    }
}
