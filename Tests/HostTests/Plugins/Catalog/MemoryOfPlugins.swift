import FoundationEssentials
import PluginAPI
import Synchronization

@testable import Host
@testable import PluginHosting

/// What is remembered of plugins, in memory.
final class MemoryOfPlugins: PluginMemory {
    private let memories: Mutex<PluginMemories>
    private let switches = Recorder<Bool>()

    /// Whether a plugin was switched off, each time that one was switched.
    var switched: [Bool] { switches.all }

    init(disabled: Set<String> = []) {
        var memories = PluginMemories()
        memories.settings.disabled = disabled
        self.memories = Mutex(memories)
    }

    func rememberedPlugins() throws -> PluginMemories { memories.withLock { $0 } }

    func setDisabled(_ id: String, _ isDisabled: Bool) async throws {
        switches.add(isDisabled)
        memories.withLock { memories in
            if isDisabled { memories.settings.disabled.insert(id) } else { memories.settings.disabled.remove(id) }
        }
    }

    func setIsolation(_ id: String, _ setting: IsolationSetting) async throws {
        memories.withLock { $0.settings.isolation[id] = setting }
    }

    func keep(_ scan: PluginScan) async throws {
        memories.withLock { memories in
            memories.scans.removeAll { $0.sha256 == scan.sha256 }
            memories.scans.append(scan)
        }
    }

    func keep(_ fault: PluginFault) async throws { memories.withLock { $0.faults.append(fault) } }

    func forgetFailures(of hashes: Set<String>) async throws {
        memories.withLock { memories in
            memories.scans.removeAll { hashes.contains($0.sha256) }
            memories.faults.removeAll { hashes.contains($0.sha256) }
        }
    }

    func keep(pluginList json: [UInt8]) async throws { memories.withLock { $0.list = json } }
}

/// Loads real files into the process of the tests, whatever is asked for; what is not to be run it says itself.
final class FixtureLoading: RunnerPluginLoading {
    struct State {
        /// How often files were run for the first time, by the name of their folder.
        var scans: [String: Int] = [:]
        /// What becomes of that, where it is not what the file itself says.
        var refusals: [String: PluginRefusal] = [:]
        var latches: [String: Latch] = [:]
        /// In place of those in the manifests.
        var versions: [String: String] = [:]
    }

    let state = Mutex(State())
    let runner = FixturePlugins.runner

    var isForUse: Bool { true }

    func output(of id: String) -> @Sendable (RunnerListener.Stream, String) -> Void { { _, _ in } }

    func scan(_ candidate: PluginCandidate, _ file: PluginFile) async throws(PluginRefusal) -> ScannedPlugin {
        let (refusal, latch) = state.withLock { state in
            state.scans[candidate.id, default: 0] += 1
            return (state.refusals[candidate.id], state.latches[candidate.id])
        }
        await latch?.pass()
        if let refusal { throw refusal }
        return ScannedPlugin(minor: 0, manifest: try manifest(candidate))
    }

    func load(
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ scanned: ScannedPlugin?,
        _ mode: IsolationMode,
        changed: @escaping @Sendable () -> Void
    ) async throws(PluginRefusal) -> any UsablePlugin {
        let manifest = try manifest(candidate)
        return mode == .isolated
            ? SupervisedListing(manifest: manifest, path: candidate.path)
            : ListedPlugin(manifest: manifest, path: candidate.path)
    }

    private func manifest(_ candidate: PluginCandidate) throws(PluginRefusal) -> PluginManifest {
        var manifest = try PluginLoader.load(candidate).manifest
        if let version = state.withLock({ $0.versions[candidate.id] }) { manifest.version = version }
        return manifest
    }
}
