import PluginAPI
import Synchronization

/// The failures of a session, in words.
extension RunnerSession {
    static let cancelled = PluginError(.cancelled, "The caller gave up.")
    static let endedInstance = PluginError(.cancelled, "The plugin's instance was ended.")

    var crashed: PluginError {
        let words = state.withLock { $0.end ?? $0.reason }?.words ?? "has ended"
        return PluginError(.pluginCrashed, "The plugin \(plugin) \(words). It is started again by itself.")
    }

    static func noThread(_ path: String) -> PluginRefusal {
        let reason = "The system has no thread left for \(path); end other programs, then retry."
        return PluginRefusal(.failed, .noRunner, reason)
    }

    static func unreadableHello(_ plugin: String) -> PluginRefusal {
        let reason =
            "The process of the plugin \(plugin) said something that cannot be read; kinodock-runner is of another version "
            + "than kinodock. Install both anew."
        return PluginRefusal(.failed, .noRunner, reason)
    }
}
