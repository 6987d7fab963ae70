import FoundationEssentials
import PluginAPI
import Synchronization

/// An indexer in memory that does what the test says.
final class ScriptedIndexer: Sendable {
    struct State {
        var releases: [Release] = []
        /// What a method throws, until it is taken out.
        var failures: [String: PluginError] = [:]
        var queries: [ReleaseQuery] = []
        var fetched: [String] = []
        /// What `fetch` gives, by link.
        var contents: [String: ReleaseContent] = [:]
    }

    let state = Mutex(State())
    /// Hold searches up, when set.
    let latch: Latch?

    init(latch: Latch? = nil) {
        self.latch = latch
    }

    var queries: [ReleaseQuery] { state.withLock(\.queries) }
    var fetched: [String] { state.withLock(\.fetched) }

    func offer(_ releases: Release...) { offer(releases) }

    func offer(_ releases: [Release]) {
        state.withLock { $0.releases += releases }
    }

    func fail(_ method: String, _ error: PluginError?) {
        state.withLock { $0.failures[method] = error }
    }

    func give(_ content: ReleaseContent, for link: String) {
        state.withLock { $0.contents[link] = content }
    }
}

/// The plugin in front of a `ScriptedIndexer`.
struct ScriptedIndexerPlugin: Plugin, Indexer {
    struct Settings: Codable, Sendable {}

    static let manifest = PluginManifest(
        id: "finder",
        name: "Finder",
        version: "1.0.0",
        description: "An indexer in memory.",
        settings: SettingsSchema(fields: [])
    )

    let indexer: ScriptedIndexer

    init(_ indexer: ScriptedIndexer) {
        self.indexer = indexer
    }

    init(settings: Settings, host: any HostServices) throws {
        throw PluginError(.unsupported, "A scripted indexer is made by the test.")
    }

    func test() async throws -> ConnectionReport { ConnectionReport() }

    func capabilities() async throws -> IndexerCapabilities { IndexerCapabilities() }

    func search(_ query: ReleaseQuery) async throws -> [Release] {
        indexer.state.withLock { $0.queries.append(query) }
        await indexer.latch?.pass()
        return try indexer.state.withLock { state in
            if let failure = state.failures["search"] { throw failure }
            return state.releases
        }
    }

    func fetch(_ link: String) async throws -> ReleaseContent {
        try indexer.state.withLock { state in
            state.fetched.append(link)
            if let failure = state.failures["fetch"] { throw failure }
            guard let content = state.contents[link] else { throw PluginError(.notFound, "Gone: \(link)") }
            return content
        }
    }
}

extension Release {
    /// A torrent for tests.
    static func sample(_ title: String, guid: String? = nil, _ change: (inout Release) -> Void = { _ in }) -> Release {
        let link = "http://site.invalid/dl/\(title)?passkey=s3cr3t"
        var release = Release(guid: guid ?? title, title: title, downloadProtocol: .torrent, link: link)
        release.seeders = 5
        change(&release)
        return release
    }
}
