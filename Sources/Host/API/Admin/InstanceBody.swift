import PluginAPI

/// The body with which an instance is added, changed or tested.
struct InstanceBody: Decodable {
    /// Only for tests of unsaved settings: the instance whose secrets are meant by masked ones.
    var id: String?
    var name: String?
    var implementation: String?
    var enabled: Bool?
    var priority: Int?
    var settings: [String: JSONValue]?
    /// Values to begin with; what stands in `settings` wins.
    var preset: String?
    var pathMappings: [PathMapping]?

    var draft: InstanceDraft {
        InstanceDraft(
            name: name,
            implementation: implementation,
            isEnabled: enabled,
            priority: priority,
            settings: settings,
            preset: preset,
            pathMappings: pathMappings
        )
    }
}
