import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization
import Testing

@testable import Host

@Suite("The connection of an instance", .timeLimit(.minutes(1)))
struct SharedConnectionTests {
    @Test("finishes its open calls when it is retired, and ends after the last one")
    func drains() async throws {
        let latch = Latch()
        let plugin = CountingConnection(latch: latch)
        let connection = SharedConnection(plugin) { () async throws(PluginError) -> any PluginConnection in
            throw PluginError(.unsupported, "There is no other one.")
        }
        let first = Task { try await connection.answer() }
        await latch.arrivals()
        await connection.retire()
        #expect(!plugin.isShut)
        let error = await #expect(throws: PluginError.self) { try await connection.answer() }
        #expect(error?.message == "There is no other one.")
        latch.open()
        _ = try await first.value
        await eventually("the connection has ended") { plugin.isShut }
    }

    @Test("answers the last call of a retired one before that one has ended, however long the end takes")
    func slowEnd() async throws {
        let (call, end) = (Latch(), Latch())
        let plugin = CountingConnection(latch: call, end: end)
        let connection = SharedConnection(plugin) { () async throws(PluginError) -> any PluginConnection in plugin }
        let last = Task { try await connection.answer() }
        await call.arrivals()
        await connection.retire()
        call.open()
        _ = try await last.value
        #expect(!plugin.isShut)
        end.open()
        await eventually("the connection has ended") { plugin.shutDowns == 1 }
    }

    @Test("ends at once when nobody uses it, and only once")
    func idle() async {
        let plugin = CountingConnection()
        let connection = SharedConnection(plugin) { () async throws(PluginError) -> any PluginConnection in plugin }
        await connection.retire()
        await connection.retire()
        await connection.shutDown()
        #expect(plugin.shutDowns == 1)
    }

    @Test("gives what comes too late to its successor")
    func successor() async throws {
        let (old, new) = (CountingConnection(), CountingConnection())
        let connection = SharedConnection(old) { () async throws(PluginError) -> any PluginConnection in new }
        await connection.retire()
        _ = try await connection.answer()
        #expect(old.calls == 0 && new.calls == 1)
    }

    @Test("is exchanged under load without a call that fails, that is lost, or that meets one that has ended")
    func underLoad() async throws {
        let bench = try RegistryWorld()
        let id = try await bench.addInstance().id
        let registry = bench.registry
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let client = try await registry.downloadClient(id)
                    // The same client all the time, as a poller has it, whatever becomes of the connection below.
                    for _ in 0..<200 { _ = try await client.test() }
                    return 200
                }
            }
            group.addTask {
                for _ in 0..<100 {
                    await registry.pluginsChanged(left: ["box"], came: ["box"])
                    await Task.yield()
                }
                return 0
            }
            let answered = try await group.reduce(0, +)
            #expect(answered == 3200)
        }
        await registry.shutDown()
        let state = bench.plugins.state.withLock { $0 }
        #expect(state.calls.count == 3200)
        #expect(state.connections > 1)
        await eventually("every connection has ended") {
            bench.plugins.state.withLock { $0.connections == $0.shutDowns }
        }
        #expect(state.callsAfterEnd == 0)
    }

    @Test("is not made any more when the server ends")
    func ending() async throws {
        let bench = try RegistryWorld()
        let id = try await bench.addInstance().id
        let client = try await bench.registry.downloadClient(id)
        await bench.registry.shutDown()
        let error = await #expect(throws: PluginError.self) { try await client.test() }
        #expect(error?.code.value == .cancelled)
        #expect(bench.plugins.state.withLock(\.connections) == 1)
    }
}

/// A connection that answers everything, held up by latches.
private final class CountingConnection: PluginConnection {
    private struct State {
        var calls = 0
        var shutDowns = 0
    }

    private let latch: Latch?
    private let end: Latch?
    private let state = Mutex(State())

    /// - Parameter end: holds up the end of the connection.
    init(latch: Latch? = nil, end: Latch? = nil) {
        self.latch = latch
        self.end = end
    }

    var calls: Int { state.withLock(\.calls) }
    var shutDowns: Int { state.withLock(\.shutDowns) }
    var isShut: Bool { shutDowns > 0 }

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        state.withLock { $0.calls += 1 }
        await latch?.pass()
        return (json, attachment)
    }

    func shutDown() async {
        await end?.pass()
        state.withLock { $0.shutDowns += 1 }
    }
}

extension PluginConnection {
    fileprivate func answer() async throws(PluginError) -> Data {
        try await call(method: "any", json: Data("{}".utf8), attachment: nil, deadline: .seconds(10)).json
    }
}
