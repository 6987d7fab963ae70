import FoundationEssentials
import PluginAPI
import Synchronization

/// A download client in memory that does what the test says.
final class ScriptedClient: Sendable {
    struct Call: Hashable, Sendable {
        var method: String
        /// The download's id, or the link of an added one.
        var id: String
        var deletesData = false
    }

    struct State {
        var items: [String: DownloadItem] = [:]
        var calls: [Call] = []
        var requests: [AddDownload] = []
        var cursors: [String?] = []
        /// What a method throws, until it is taken out.
        var failures: [String: PluginError] = [:]
        /// What the next `changes` answer; when there are none left, all items.
        var changes: [DownloadChanges] = []
        var canRetry = true
        /// The id of what is added without an info hash.
        var nextID = "fetch-1"
        /// What everything that is added becomes beside.
        var others: [AddedDownload.Other] = []
        var report = ConnectionReport(version: "9.1", apiVersion: "2")
    }

    let state = Mutex(State())
    /// Hold calls of `add`, `changes`, `item` or `remove` up.
    let latches: [String: Latch]

    init(latches: [String: Latch] = [:]) {
        self.latches = latches
    }

    var calls: [Call] { state.withLock(\.calls) }
    var requests: [AddDownload] { state.withLock(\.requests) }

    func calls(_ method: String) -> [Call] { calls.filter { $0.method == method } }

    func fail(_ method: String, _ error: PluginError?) {
        state.withLock { $0.failures[method] = error }
    }

    /// Records a call, and throws what the script says.
    fileprivate func enter(_ method: String, _ id: String = "", deletesData: Bool = false) throws {
        try state.withLock { state in
            state.calls.append(Call(method: method, id: id, deletesData: deletesData))
            if let failure = state.failures[method] { throw failure }
        }
    }
}

/// The plugin in front of a `ScriptedClient`.
struct ScriptedPlugin: Plugin, DownloadClient {
    struct Settings: Codable, Sendable {}

    static let manifest = PluginManifest(
        id: "scripted",
        name: "Scripted",
        version: "1.0.0",
        description: "A client in memory.",
        settings: SettingsSchema(fields: [])
    )

    let client: ScriptedClient

    init(_ client: ScriptedClient) {
        self.client = client
    }

    init(settings: Settings, host: any HostServices) throws {
        throw PluginError(.unsupported, "A scripted client is made by the test.")
    }

    func test() async throws -> ConnectionReport {
        try client.enter("test")
        return client.state.withLock(\.report)
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        try client.enter("options", source)
        return [.init("films", label: "Films")]
    }

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try client.enter("add", request.link)
        await client.latches["add"]?.pass()
        let hash =
            try request.source == .magnet
            ? MagnetLink(request.link).hashes.preferred : file.flatMap { try? TorrentFile($0).hashes.preferred }
        return client.state.withLock { state in
            state.requests.append(request)
            let id = hash ?? state.nextID
            let existed = state.items[id] != nil
            if !existed {
                state.items[id] = DownloadItem(id: id, name: request.name ?? id, state: .queued)
            }
            var added = AddedDownload(id: id, existed: existed, infoHash: hash)
            if !state.others.isEmpty { added.others = state.others }
            for other in state.others where state.items[other.id] == nil {
                state.items[other.id] = DownloadItem(id: other.id, name: other.name, state: .queued)
            }
            return added
        }
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        client.state.withLock { $0.cursors.append(cursor) }
        try client.enter("changes", cursor ?? "")
        await client.latches["changes"]?.pass()
        return client.state.withLock { state in
            guard state.changes.isEmpty else { return state.changes.removeFirst() }
            return DownloadChanges(cursor: "all", isComplete: true, items: Array(state.items.values))
        }
    }

    func item(_ id: String) async throws -> DownloadItem? {
        try client.enter("item", id)
        await client.latches["item"]?.pass()
        return client.state.withLock { $0.items[id] }
    }

    func files(of id: String) async throws -> [DownloadFile] { [] }

    func remove(_ id: String, deletingData: Bool) async throws {
        try client.enter("remove", id, deletesData: deletingData)
        await client.latches["remove"]?.pass()
        client.state.withLock { $0.items[id] = nil }
    }

    func pause(_ id: String) async throws { try client.enter("pause", id) }

    func resume(_ id: String) async throws { try client.enter("resume", id) }

    func retry(_ id: String) async throws {
        try client.enter("retry", id)
        guard client.state.withLock(\.canRetry) else { throw PluginError(.unsupported, "Add it again.") }
    }
}
