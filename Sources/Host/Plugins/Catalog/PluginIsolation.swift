/// Where the code of a plugin runs.
enum IsolationMode: String, Hashable, Sendable {
    /// In the server, with all its rights.
    case inProcess = "in-process"
    /// In a process of its own.
    case isolated
}

/// Where a person wants the code of a plugin to run.
enum IsolationSetting: String, Hashable, Sendable, CaseIterable {
    /// A plugin that came with this server runs in it, any other one in a process of its own.
    case auto
    case inProcess = "in-process"
    case isolated

    /// The words that stand for a setting, for people.
    static var words: String { "auto, in-process or isolated" }
}

/// What a person has decided about plugins, by their ids.
struct PluginSettings: Hashable, Sendable {
    var disabled: Set<String> = []
    /// Without those that are `auto`.
    var isolation: [String: IsolationSetting] = [:]

    func isolation(of id: String) -> IsolationSetting { isolation[id] ?? .auto }
}
