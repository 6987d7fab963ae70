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
    /// `nil` when the plugin was never loaded.
    var manifest: PluginManifest?

    var name: String { manifest?.name ?? id }
    var version: String? { manifest?.version }
    var kinds: [Open<PluginManifest.Kind>] { manifest?.kinds ?? [] }

    mutating func refuse(_ refusal: PluginRefusal) {
        state = refusal.state
        reason = refusal.reason
        code = refusal.code
    }
}
