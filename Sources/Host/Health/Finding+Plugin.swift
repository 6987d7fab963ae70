import PluginHosting

/// What is wrong with a plugin.
extension Problem.Finding {
    /// `nil` when nothing is, or when a person has chosen it so.
    init?(_ entry: PluginEntry) {
        guard let level = Self.level(entry) else { return nil }
        self.init(
            source: .plugin,
            subjectID: entry.id,
            subjectDetail: entry.path,
            name: entry.name,
            level: level,
            code: entry.code?.rawValue ?? entry.state.rawValue,
            state: entry.state.rawValue,
            summary: level == .error
                ? "The plugin \(entry.id) is \(entry.state.rawValue)." : "The plugin \(entry.id) needs attention.",
            message: entry.reason ?? "The plugin \(entry.id) is \(entry.state.rawValue).",
            action: Self.action(entry),
            remedy: Self.remedy(entry)
        )
    }

    private static func level(_ entry: PluginEntry) -> Problem.Level? {
        switch entry.state {
        // A plugin that is in use and has a code says what will be otherwise, or is already.
        case .active: entry.code == nil ? nil : .warning
        case .discovered, .disabled, .superseded: nil
        case .incompatible, .failed, .quarantined, .crashed, .missing: .error
        }
    }

    private static func action(_ entry: PluginEntry) -> String {
        switch entry.state {
        case _ where entry.code == .noRunner: "Install Kinodock again, with the program that runs such plugins."
        case .incompatible: "Install a build of the plugin that fits this server and machine, or remove the file."
        case .quarantined: "Find out what happened before you try it again; the file may have to be replaced."
        case .crashed: "Update the plugin, or tell its author; then try it again."
        case .missing: "Put the plugin into a plugin folder again, or delete what is configured for it."
        case .active where entry.code == .restartNeeded: "Restart the server when it suits you."
        case .active: "Once the cause is mended, try it again."
        default: "Repair or replace the file, then try it again."
        }
    }

    private static func remedy(_ entry: PluginEntry) -> Problem.Remedy? {
        switch entry.state {
        case .missing: .rescanPlugins
        case .active where entry.code == .restartNeeded: nil
        default: .retryPlugin(entry.id)
        }
    }
}
