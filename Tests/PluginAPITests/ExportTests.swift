import CKinodockPlugin
import FoundationEssentials
import Synchronization
import Testing

@testable import PluginAPI

/// The C functions of an exported plugin, called as a host calls them.
@Suite("An exported plugin", .timeLimit(.minutes(1)))
struct ExportTests {
    private var table: kinodock_plugin { PluginExport.table(for: EveryKindPlugin.self).pointee }

    @Test("has a table that follows the contract, and one only")
    func header() {
        #expect(table.size == 64 && table.magic == 0x4B44_4B31)
        #expect(table.major == 1 && table.minor == 1 && table.min_host_minor == 0)
        #expect(PluginExport.table(for: EveryKindPlugin.self) == PluginExport.table(for: EveryKindPlugin.self))
    }

    @Test("has the kinds of its type in the manifest")
    func manifest() throws {
        let text = try #require(table.manifest)
        let manifest = try WireJSON.decode(PluginManifest.self, from: Data(String(cString: text).utf8))
        #expect(manifest.kinds == PluginManifest.Kind.allCases.map(Open.known))
        #expect(manifest.id == "every-kind")
    }

    @Test("names the setting at fault and gives no instance", arguments: [("{}", "host"), (#"{"host":1}"#, "host")])
    func settings(json: String, field: String) async throws {
        let replies = Replies()
        #expect(replies.call("create", json) { table.create(HostTable.empty, $0) } == nil)
        let reply = try #require(replies.all.first)
        #expect(reply.status != 0)
        let error = try WireJSON.decode(PluginError.self, from: reply.json)
        #expect(error.code == .invalid && error.field == field)
    }

    @Test("migrates settings without an instance, and fails with its own words")
    func migrate() throws {
        let replies = Replies()
        let migrate = try #require(table.migrate)
        for json in [#"{"from":1,"settings":{"server":"nas"}}"#, #"{"from":1,"settings":{}}"#, #"{"settings":{}}"#] {
            replies.call("migrate", json) { migrate($0) }
        }
        #expect(replies.all.map(\.status) == [0, 1, 1])
        #expect(try WireJSON.decode(MigrationResult.self, from: replies.all[0].json).settings == ["host": "nas"])
        let errors = try replies.all.dropFirst().map { try WireJSON.decode(PluginError.self, from: $0.json) }
        #expect(errors.map(\.field) == ["server", "from"] && errors[0].message == "Version 1 had no server.")
    }

    @Test("without migrations of its own leaves settings as they are")
    func noMigration() throws {
        #expect(try StillPlugin.migrate(["a": 1], from: 3) == ["a": 1])
    }

    @Test("replies before invoke returns when it need not wait")
    func immediate() throws {
        let replies = Replies()
        let instance = try #require(replies.call("create", #"{"host":"nas"}"#) { table.create(HostTable.empty, $0) })
        replies.call("metadata.movie", #"{"id":"5"}"#) { table.invoke(instance, $0) }
        #expect(replies.all.map(\.status) == [0, 0])
    }

    @Test("is told to end, cancels its open calls, replies to them, and then replies itself")
    func destroy() async throws {
        let replies = Replies()
        let instance = try #require(replies.call("create", #"{"host":"nas"}"#) { table.create(HostTable.empty, $0) })
        let event = #"{"id":"wait","kind":"test","time":"","title":"","message":"","details":{}}"#
        replies.call("notifier.notify", event) { table.invoke(instance, $0) }
        #expect(replies.all.count == 1)
        replies.call("destroy", "{}") { table.destroy(instance, $0) }
        await replies.wait(for: 3)
        #expect(replies.all.map(\.status) == [0, 1, 0])
        #expect(try WireJSON.decode(PluginError.self, from: replies.all[1].json).code == .cancelled)
    }

    @Test("gives up a call that is cancelled, and ignores a call that it does not know")
    func cancel() async throws {
        let replies = Replies()
        let instance = try #require(replies.call("create", #"{"host":"nas"}"#) { table.create(HostTable.empty, $0) })
        let event = #"{"id":"wait","kind":"test","time":"","title":"","message":"","details":{}}"#
        replies.call("notifier.notify", event, id: 42) { table.invoke(instance, $0) }
        table.cancel(instance, 41)
        #expect(replies.all.count == 1)
        table.cancel(instance, 42)
        await replies.wait(for: 2)
        #expect(try WireJSON.decode(PluginError.self, from: replies.all[1].json).code == .cancelled)
    }
}

/// A plugin that does nothing, also not with old settings.
private struct StillPlugin: Plugin {
    struct Settings: Codable, Sendable {}

    static let manifest = PluginManifest(
        id: "still",
        name: "Still",
        version: "1.0.0",
        description: "",
        settings: SettingsSchema(fields: [])
    )

    init(settings: Settings, host: any HostServices) {}
    func test() async throws -> ConnectionReport { ConnectionReport() }
}

/// A host that offers nothing, in the form of the contract.
private enum HostTable {
    // Unsafe: written once, and never changed or freed.
    nonisolated(unsafe) static let empty: UnsafePointer<kinodock_host> = {
        let table = UnsafeMutablePointer<kinodock_host>.allocate(capacity: 1)
        table.initialize(
            to: kinodock_host(
                size: UInt32(MemoryLayout<kinodock_host>.size),
                major: 1,
                minor: 0,
                context: nil,
                log: { _, _, _, _ in },
                invoke: { _, _ in },
                cancel: { _, _ in }
            )
        )
        return UnsafePointer(table)
    }()
}

/// Makes calls and keeps what is replied.
private final class Replies: Sendable {
    struct Reply {
        let status: Int32
        let json: Data
    }

    private let replies = Mutex<[Reply]>([])
    private let arrivals = AsyncStream.makeStream(of: Int.self)

    var all: [Reply] { replies.withLock { $0 } }

    func wait(for count: Int) async {
        if all.count >= count { return }
        for await arrived in arrivals.stream where arrived >= count { return }
    }

    @discardableResult
    func call<Result>(
        _ method: String,
        _ json: String,
        id: UInt64 = 1,
        _ body: (UnsafePointer<kinodock_call>) -> Result
    ) -> Result {
        method.withBorrowedBytes { method in
            json.withBorrowedBytes { json in
                var call = kinodock_call()
                call.size = UInt32(MemoryLayout<kinodock_call>.size)
                call.id = id
                call.method = method
                call.json = json
                // Kept for ever: a test that fails must not end in freed memory.
                call.context = Unmanaged.passRetained(self).toOpaque()
                call.reply = { context, status, json, _ in
                    guard let context else { return }
                    Unmanaged<Replies>.fromOpaque(context).takeUnretainedValue().add(
                        Reply(status: status, json: json.copy)
                    )
                }
                return body(&call)
            }
        }
    }

    private func add(_ reply: Reply) {
        let count = replies.withLock { replies in
            replies.append(reply)
            return replies.count
        }
        arrivals.continuation.yield(count)
    }
}
