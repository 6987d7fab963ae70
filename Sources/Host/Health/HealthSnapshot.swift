import PluginHosting

/// How everything stands that can have problems, at one time.
struct HealthSnapshot: Sendable {
    /// All configured instances.
    var standings: [InstanceStanding] = []
    var plugins: [PluginEntry] = []
    /// By the names of the places; empty until somebody has looked.
    var disks: [(name: String, finding: DiskHealth.Finding)] = []
    /// Of the notifiers that were not told everything.
    var lostEvents: [LostEvents] = []
    /// What the server itself has found out about itself.
    var server: [Problem.Finding] = []

    /// What is wrong.
    var findings: [Problem.Finding] {
        plugins.compactMap { Problem.Finding($0) }
            + standings.compactMap { Problem.Finding($0, plugin: plugin($0.implementation)) }
            + lostEvents.map { Problem.Finding($0, notifier: name(of: $0.notifierID)) }
            + disks.compactMap { Problem.Finding(disk: $0.name, $0.finding) } + server
    }

    /// The instances that are to be shown otherwise than in `old`; not those that are gone.
    func changedInstances(since old: HealthSnapshot) -> [InstanceStanding] {
        let before = Dictionary(old.standings.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return standings.filter { standing in before[standing.id].map(standing.differs) ?? true }
    }

    /// The plugins that are new or otherwise than in `old`.
    func changedPlugins(since old: HealthSnapshot) -> [PluginEntry] {
        let before = Set(old.plugins)
        return plugins.filter { !before.contains($0) }
    }

    /// The plugins of `old` of which there is no entry any more.
    func removedPlugins(since old: HealthSnapshot) -> [PluginEntry] {
        struct Place: Hashable {
            let id: String
            let path: String
        }
        let here = Set(plugins.map { Place(id: $0.id, path: $0.path) })
        return old.plugins.filter { !here.contains(Place(id: $0.id, path: $0.path)) }
    }

    private func name(of instanceID: String) -> String {
        standings.first { $0.id == instanceID }?.name ?? "a notifier"
    }

    private func plugin(_ id: String) -> PluginEntry? {
        let found = plugins.filter { $0.id == id }
        return found.first { $0.state != .superseded } ?? found.first
    }
}
