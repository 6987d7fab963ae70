import PluginAPI

/// How an instance stands: its health, whether it is switched on, and whether its plugin can be used.
struct InstanceStanding: Sendable {
    let id: String
    let kind: PluginManifest.Kind
    let name: String
    /// The id of its plugin.
    let implementation: String
    let isEnabled: Bool
    let health: InstanceHealth
    /// Why its plugin cannot be used; `nil` when it can.
    let reasonAgainstPlugin: String?

    init(_ instance: Instance, plugins: any PluginSource) {
        id = instance.id
        kind = instance.kind
        name = instance.name
        implementation = instance.implementation
        isEnabled = instance.isEnabled
        health = instance.health
        reasonAgainstPlugin =
            plugins.manifest(of: instance.implementation) == nil
            ? plugins.reasonAgainst(instance.implementation) : nil
    }

    /// `disabled`, `missing` when the plugin cannot be used, or the word of its health.
    var word: String { !isEnabled ? "disabled" : reasonAgainstPlugin != nil ? "missing" : health.status }

    /// The last failure, or why the plugin cannot be used.
    var message: String? { reasonAgainstPlugin ?? health.message }

    /// The failure's code, for programs.
    var code: String? { reasonAgainstPlugin != nil ? "plugin_unusable" : health.code }

    /// Whether it is to be shown otherwise than `old`, apart from the time of the last success.
    func differs(from old: InstanceStanding) -> Bool {
        word != old.word || message != old.message || name != old.name || health.differs(from: old.health)
    }
}
