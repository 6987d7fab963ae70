import FoundationEssentials
import PluginAPI
import PluginHosting

/// A plugin as lists show it.
struct PluginEntry: Hashable, Sendable {
    /// From the manifest; the name of its folder or file while there is none.
    var id: String
    var path: String
    var state: PluginState
    /// What keeps the plugin from working, or will do so after a restart, in words and for programs.
    var reason: String?
    var code: PluginRefusal.Code?
    /// Since when it is in this state, for this reason.
    var since: Date?
    /// `nil` when neither the file nor its code has told.
    var manifest: PluginManifest?
    /// Of the file that is used, or else of the one that was found.
    var sha256: String?
    var isolation = IsolationSetting.auto
    /// Where its code runs, or would run; `nil` when the file cannot be read.
    var effectiveIsolation: IsolationMode?
    /// `nil` when it has no process of its own.
    var runner: RunnerView?
    /// What makes sense to be done with it now.
    var actions: [PluginAction] = []
    /// Changes whenever connections have to be made anew; not shown itself.
    var use: ObjectIdentifier?
    /// When what is told in `reason` has happened; not shown itself.
    var happened: Date?

    init(id: String, path: String, state: PluginState, reason: String? = nil, code: PluginRefusal.Code? = nil) {
        self.id = id
        self.path = path
        self.state = state
        self.reason = reason
        self.code = code
    }

    var name: String { manifest?.name ?? id }
    var version: String? { manifest?.version }
    var kinds: [Open<PluginManifest.Kind>] { manifest?.kinds ?? [] }

    /// Whether it may help to forget what was found before: it does not work, or the file that is there now does not.
    var mayBeRetried: Bool {
        switch state {
        case .failed, .incompatible, .crashed, .quarantined: code != .changed
        case .active: code != nil && code != .changed && code != .restartNeeded
        case .discovered, .disabled, .superseded, .missing: false
        }
    }

    mutating func refuse(_ refusal: PluginRefusal) {
        state = refusal.state
        reason = refusal.reason
        code = refusal.code
    }
}

/// What a person can do with a plugin.
enum PluginAction: String, Hashable, Sendable, CaseIterable {
    case enable
    case disable
    /// Forgets failures and crashes, and tries again.
    case retry
    /// Lets a changed file in.
    case accept
    /// Chooses where its code runs.
    case isolate
}
