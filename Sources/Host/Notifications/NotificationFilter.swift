import PluginAPI

/// Which events a notifier is sent: those that its plugin can make something of and its settings do not leave out.
///
/// The settings `events` and `mediaTypes` of a plugin's form, lists of kinds of events and of titles, are looked at here,
/// so that no plugin has to. An empty list leaves nothing out.
struct NotificationFilter: Sendable {
    private let supported: Set<String>
    private let events: Set<String>
    private let types: Set<String>
    private let notifierID: String

    /// - Parameter supported: what the plugin says of itself.
    init(_ instance: Instance, _ form: SettingsSchema, supported: [Open<NotificationEvent.Kind>]) {
        func list(_ key: String) -> Set<String> {
            guard let field = form.fields.first(where: { $0.key == key }) else { return [] }
            let value = instance.settings[key] ?? field.default
            return Set((value?.array ?? []).compactMap(\.string))
        }
        self.supported = Set(supported.map(\.text))
        events = list(SettingsField.eventsKey)
        types = list(SettingsField.mediaTypesKey)
        notifierID = instance.id
    }

    func takes(_ event: NotificationEvent) -> Bool {
        guard supported.contains(event.kind.text), event.subjectNotifier != notifierID else { return false }
        guard events.isEmpty || events.contains(event.kind.text) else { return false }
        // Events that are about no title are left out by their kind alone.
        guard !types.isEmpty, let type = event.details["type"]?.string else { return true }
        return types.contains(type)
    }
}
