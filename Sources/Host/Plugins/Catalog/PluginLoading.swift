import FoundationEssentials
import PluginAPI
import PluginHosting

/// The three stages in which a file becomes a plugin that is used.
protocol PluginLoading: Sendable {
    /// Whether what is loaded is going to be used, and not only looked at.
    var isForUse: Bool { get }

    /// Reads the file without running anything of it.
    ///
    /// It waits for the disk.
    func look(at candidate: PluginCandidate) throws(PluginRefusal) -> PluginFile

    /// Runs the file for the first time, in a process of its own that lives only for that.
    func scan(_ candidate: PluginCandidate, _ file: PluginFile) async throws(PluginRefusal) -> ScannedPlugin

    /// Makes the plugin ready for use.
    ///
    /// - Parameters:
    ///   - scanned: what the scan has found; `nil` when there was none, because the file came with the server.
    ///   - changed: to be called when something changes in the plugin's process.
    /// - Throws: a refusal, also when the file is no longer the one that was looked at.
    func load(
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ scanned: ScannedPlugin?,
        _ mode: IsolationMode,
        changed: @escaping @Sendable () -> Void
    ) async throws(PluginRefusal) -> any UsablePlugin
}

/// A plugin in a process of its own.
protocol SupervisedPlugin: UsablePlugin {
    /// How it stands with the process.
    var runner: RunnerView { get }
    /// Forgets crashes, and starts the process again at the next call.
    func retry()
    /// Ends the process; it is not started again.
    func stop()
}

/// How it stands with the process of a plugin.
struct RunnerView: Hashable, Sendable {
    /// `nil` while it does not run.
    var pid: Int32?
    /// How often it crashed within the last hour.
    var crashes = 0
    /// How it crashed the last time, in words that follow the plugin's name.
    var lastEnd: String?
    /// Whether it has ended so often that it is not started any more.
    var isGivenUp = false
}
