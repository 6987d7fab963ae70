import FoundationEssentials
import PluginAPI
import PluginHosting

/// Finds out what plugins are without loading any: for a command, in whose process nothing of a plugin runs.
struct ListingPluginLoading: PluginLoading {
    let runner: RunnerProgram

    var isForUse: Bool { false }

    func look(at candidate: PluginCandidate) throws(PluginRefusal) -> PluginFile {
        try PluginFileReader.look(at: candidate)
    }

    func scan(_ candidate: PluginCandidate, _ file: PluginFile) async throws(PluginRefusal) -> ScannedPlugin {
        try await PluginFileReader.scan(candidate, file, runner) { _, _ in }
    }

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

    private struct ListedPlugin: UsablePlugin {
        let manifest: PluginManifest
        let path: String

        func makeInstance(
            settings: Data,
            host: any HostEndpoint,
            within limit: Duration
        ) async throws(PluginError) -> any PluginConnection {
            throw onlyLookedAt
        }

        func migrate(
            _ settings: Data,
            from version: Int,
            within limit: Duration
        ) async throws(PluginError) -> Data { throw onlyLookedAt }

        private var onlyLookedAt: PluginError {
            PluginError(.unsupported, "The plugin \(manifest.id) is only looked at here.")
        }
    }
}
