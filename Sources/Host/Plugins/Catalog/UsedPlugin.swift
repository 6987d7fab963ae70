import PluginHosting
import Synchronization

/// A plugin that instances are made of, until another one takes its place.
///
/// One that was replaced keeps its process until the last connection to it has ended.
final class UsedPlugin: Sendable {
    private struct State {
        var holders = 0
        var isRetired = false
    }

    let plugin: any UsablePlugin
    /// As it was when it was loaded.
    let file: PluginFile
    let mode: IsolationMode
    private let state = Mutex(State())

    init(_ plugin: any UsablePlugin, of file: PluginFile, mode: IsolationMode) {
        self.plugin = plugin
        self.file = file
        self.mode = mode
    }

    /// The plugin, when it has a process of its own.
    var supervised: (any SupervisedPlugin)? { plugin as? any SupervisedPlugin }

    /// Whether it has a process of its own at this moment.
    var isRunning: Bool { supervised?.runner.pid != nil }

    var sha256: String { file.sha256 }

    /// Whether it is what would be loaded from `other`.
    ///
    /// A process is only ever started with the very file that was looked at.
    func isCurrent(_ other: PluginFile, _ mode: IsolationMode) -> Bool {
        guard self.mode == mode, sha256 == other.sha256 else { return false }
        return mode == .inProcess || file.status.isSameContent(as: other.status)
    }

    /// Keeps it from ending until `release` is called.
    ///
    /// - Returns: `false` when another one has taken its place: look it up again.
    func hold() -> Bool {
        state.withLock { state in
            if !state.isRetired { state.holders += 1 }
            return !state.isRetired
        }
    }

    /// Takes one `hold` back.
    func release() {
        end { $0.holders -= 1 }
    }

    /// Has it end when nobody holds it any more.
    func retire() {
        end { $0.isRetired = true }
    }

    private func end(_ change: (inout State) -> Void) {
        let isOver = state.withLock { state in
            let wasOver = state.isRetired && state.holders == 0
            change(&state)
            return !wasOver && state.isRetired && state.holders == 0
        }
        if isOver { supervised?.stop() }
    }
}
