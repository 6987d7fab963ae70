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

    func client(_ host: String) -> ScriptedClient { made(\.clients, host, ScriptedClient()) }

    func notifier(_ host: String) -> ScriptedNotifier { made(\.notifiers, host, ScriptedNotifier()) }

    func indexer(_ host: String) -> ScriptedIndexer { made(\.indexers, host, ScriptedIndexer()) }

    /// The one for `host`, which is `new` at first.
    private func made<Made: Sendable>(
        _ all: any WritableKeyPath<State, [String: Made]> & Sendable,
        _ host: String,
        _ new: @autoclosure () -> Made
    ) -> Made {
        state.withLock { state in
            if let known = state[keyPath: all][host] { return known }
            let made = new()
            state[keyPath: all][host] = made
            return made
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
        return LoopbackConnection(transport: transport) { [self] in state.withLock { $0.shutDowns += 1 } }
    }
}
