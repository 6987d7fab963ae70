import FoundationEssentials
import PluginHosting

/// Where plugins, and what is said about their files, are found.
struct PluginPlaces: Sendable {
    var folders: PluginFolders
    /// The folder of the plugins that came with the server, where their hashes are listed.
    var bundled: String?
    /// `nil` when files are not pinned.
    var lock: PluginLockFile?
}

extension PluginPlaces {
    /// The places that the settings name.
    init(_ configuration: ServerConfiguration) {
        folders = PluginFolders(configuration.pluginFolders)
        bundled = configuration.bundledPlugins
        lock = configuration.pluginLock ? PluginLockFile(path: configuration.pluginLockPath) : nil
    }
}

extension ServerConfiguration {
    /// How the processes of plugins are started.
    var runner: RunnerProgram {
        RunnerProgram(path: runnerPath, environment: ProcessInfo.processInfo.environment)
    }
}
