/// The forms in which events are sent.
enum MessageFormat: String, CaseIterable, Sendable {
    case json, form, template, discord, slack, ntfy, gotify, apprise

    /// For people.
    var label: String {
        switch self {
        case .json: "JSON"
        case .form: "Form"
        case .template: "Template"
        case .discord: "Discord"
        case .slack: "Slack"
        case .ntfy: "ntfy"
        case .gotify: "Gotify"
        case .apprise: "Apprise API"
        }
    }

    /// Whether it is that of a service, which settles everything but the address.
    var isService: Bool { ![.json, .form, .template].contains(self) }
}
