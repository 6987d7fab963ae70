import FoundationEssentials
import PluginAPI
import PluginHosting

/// Finds out what plugins are without loading any: for a command, in whose process nothing of a plugin runs.
struct ListingPluginLoading: RunnerPluginLoading {
    let runner: RunnerProgram

    var isForUse: Bool { false }

    func output(of id: String) -> @Sendable (RunnerListener.Stream, String) -> Void { { _, _ in } }

    func load(
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ scanned: ScannedPlugin?,
        _ mode: IsolationMode,
        changed: @escaping @Sendable () -> Void
    ) async throws(PluginRefusal) -> any UsablePlugin {
        if let manifest = scanned?.manifest ?? file.manifest {
            return ListedPlugin(manifest: manifest, path: candidate.path)
        }
        return ListedPlugin(manifest: try await scan(candidate, file).manifest, path: candidate.path)
    }
}

/// A plugin that is looked at, and of which no instances can be made.
protocol OnlyListed: UsablePlugin {}

extension OnlyListed {
    func makeInstance(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> any PluginConnection {
        throw onlyListed
    }

    func migrate(
        _ settings: Data,
        from version: Int,
        within limit: Duration
    ) async throws(PluginError) -> Data { throw onlyListed }

    private var onlyListed: PluginError {
        PluginError(.unsupported, "The plugin \(manifest.id) is only looked at here.")
    }
}

/// What a plugin says of itself, and where it is.
struct ListedPlugin: OnlyListed {
    let manifest: PluginManifest
    let path: String
}
