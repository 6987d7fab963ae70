import PluginAPI

/// What is stored for an instance; the names are the keys of the form's fields.
struct NtfySettings: Codable, Sendable {
    /// From the least to the most urgent.
    static let priorities = ["min", "low", "default", "high", "max"]

    var url: String
    var topic: String
    var apiKey: String?
    var priority: String
}

extension NtfyPlugin {
    static let manifest = PluginManifest(
        id: "ntfy",
        name: "ntfy",
        version: "1.0.0",
        description: "Sends push messages to phones and browsers, through ntfy.sh or a server of your own.",
        link: "https://ntfy.sh",
        settings: SettingsSchema(fields: [
            .url("url", label: "Server").default("https://ntfy.sh"),
            .text("topic", label: "Topic").required().placeholder("kinodock-f81b2c")
                .help("Whoever knows its name can read it on a public server, so take one that nobody guesses."),
            .secret("apiKey", label: "Access token").help("Needed for topics that are protected."),
            .select("priority", label: "Priority", options: NtfySettings.priorities.map { .init($0) })
                .default("default").advanced(),
        ])
    )
}
