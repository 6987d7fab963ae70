import FoundationEssentials
import PluginAPI
import Synchronization

@testable import Host
@testable import PluginHosting

/// Plugins in memory: `scripted` takes torrents and addresses, `usenet` takes NZBs, `quiet` is a notifier, `finder` an
/// indexer.
final class ScriptedPlugins: PluginSource {
    struct State {
        /// By the `host` of the settings.
        var clients: [String: ScriptedClient] = [:]
        /// By the `host` of the settings.
        var notifiers: [String: ScriptedNotifier] = [:]
        /// By the `host` of the settings.
        var indexers: [String: ScriptedIndexer] = [:]
        var missing: Set<String> = []
        var connections = 0
        var shutDowns = 0
        /// The settings of each connection, as text.
        var settings: [String] = []
        var connectFailure: PluginError?
        /// Forms that take the place of those of `manifests`.
        var forms: [String: SettingsSchema] = [:]
        /// Settings and version of each migration, as text.
        var migrations: [String] = []
        /// What migrations come to; `nil` returns what they are given.
        var migrated: Result<[String: JSONValue], PluginError>?
    }

    let state = Mutex(State())

    static let manifests: [String: PluginManifest] = {
        var torrents = PluginManifest(
            id: "scripted",
            name: "Scripted",
            version: "1.0.0",
            description: "A client in memory.",
            sources: [.magnet, .torrent, .url],
            settings: SettingsSchema(fields: [
                .text("host", label: "Host").required(),
                .number("port", label: "Port", in: 1...65535).default(8080),
                .secret("password", label: "Password"),
                .select("category", label: "Category", optionsFrom: "categories"),
            ])
        )
        torrents.kinds = [.known(.downloadClient)]
        var usenet = torrents
        usenet.id = "usenet"
        usenet.sources = [.known(.nzb)]
        var pages = torrents
        pages.id = "pages"
        pages.sources = [.known(.url)]
        var quiet = torrents
        quiet.id = "quiet"
        quiet.sources = nil
        quiet.kinds = [.known(.notifier)]
        var finder = quiet
        finder.id = "finder"
        finder.kinds = [.known(.indexer)]
        quiet.settings = SettingsSchema(fields: [
            .text("host", label: "Host").required(), .secret("password", label: "Password"), .events(), .mediaTypes(),
        ])
        return ["scripted": torrents, "usenet": usenet, "pages": pages, "quiet": quiet, "finder": finder]
    }()

    func client(_ host: String) -> ScriptedClient {
        state.withLock { state in
            if let client = state.clients[host] { return client }
            let client = ScriptedClient()
            state.clients[host] = client
            return client
        }
    }

    func notifier(_ host: String) -> ScriptedNotifier {
        state.withLock { state in
            if let notifier = state.notifiers[host] { return notifier }
            let notifier = ScriptedNotifier()
            state.notifiers[host] = notifier
            return notifier
        }
    }

    func indexer(_ host: String) -> ScriptedIndexer {
        state.withLock { state in
            if let indexer = state.indexers[host] { return indexer }
            let indexer = ScriptedIndexer()
            state.indexers[host] = indexer
            return indexer
        }
    }

    func manifest(of id: String) -> PluginManifest? {
        state.withLock { state in
            guard !state.missing.contains(id), var manifest = Self.manifests[id] else { return nil }
            if let form = state.forms[id] { manifest.settings = form }
            return manifest
        }
    }

    func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data {
        let outcome = state.withLock { state in
            state.migrations.append("\(version) " + String(decoding: settings, as: UTF8.self))
            return state.migrated
        }
        guard let outcome else { return settings }
        return Data(JSONWriter.text(.object(try outcome.get())).utf8)
    }

    func reasonAgainst(_ id: String) -> String { "There is no plugin \(id)." }

    func connect(
        _ id: String,
        settings: Data,
        services: any HostServices
    ) async throws(PluginError) -> any PluginConnection {
        let text = String(decoding: settings, as: UTF8.self)
        let host = (try? JSONDecoder().decode(JSONValue.self, from: settings))?["host"]?.string ?? ""
        let failure = state.withLock { state in
            state.connections += 1
            state.settings.append(text)
            return state.connectFailure
        }
        if let failure { throw failure }
        let transport =
            switch id {
            case "quiet": LoopbackTransport(ScriptedNotifierPlugin(notifier(host)))
            case "finder": LoopbackTransport(ScriptedIndexerPlugin(indexer(host)))
            default: LoopbackTransport(ScriptedPlugin(client(host)))
            }
        return Connection(transport: transport, plugins: self)
    }

    private struct Connection: PluginConnection {
        let transport: LoopbackTransport
        let plugins: ScriptedPlugins

        func call(
            method: String,
            json: Data,
            attachment: Data?,
            deadline: Duration
        ) async throws(PluginError) -> (json: Data, attachment: Data?) {
            try await transport.call(method: method, json: json, attachment: attachment, deadline: deadline)
        }

        func shutDown() async {
            plugins.state.withLock { $0.shutDowns += 1 }
        }
    }
}
