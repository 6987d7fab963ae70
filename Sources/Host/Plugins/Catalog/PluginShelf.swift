import PluginAPI
import PluginHosting

/// What became of every plugin file that was looked at, and what follows for the list of plugins.
///
/// A value without locks or threads: the catalog owns it.
struct PluginShelf: Sendable {
    private struct Record: Sendable {
        let candidate: PluginCandidate
        /// The file as it was when it was loaded.
        var status: PluginFileStatus?
        var outcome: Result<any UsablePlugin, PluginRefusal>
        /// Where it stood among the candidates.
        var position: Int
        var isPresent = true
        var hasChanged = false
    }

    typealias Load = @Sendable (PluginCandidate) -> Result<any UsablePlugin, PluginRefusal>

    private var records: [PluginCandidate: Record] = [:]
    var disabled: Set<String> = []
    /// The ids that something is configured for.
    var expected: Set<String> = []

    /// Takes in what the folders hold now: loads what is new, and tries again what was refused.
    ///
    /// A plugin that is off and not loaded yet stays unread. A file that was loaded cannot be exchanged in a running
    /// process, so a change of it is only noted.
    mutating func update(_ candidates: [PluginCandidate], load: Load) {
        for candidate in records.keys { records[candidate]?.isPresent = false }
        for (position, candidate) in candidates.enumerated() {
            let status = PluginFileStatus(candidate.path)
            if var record = records[candidate], case .success = record.outcome {
                record.isPresent = true
                record.position = position
                record.hasChanged = !Self.isSame(record.status, status)
                records[candidate] = record
            } else if disabled.contains(candidate.id) {
                let off = PluginRefusal(.disabled, .disabled, Self.disabledReason)
                records[candidate] = Record(
                    candidate: candidate,
                    status: status,
                    outcome: .failure(off),
                    position: position
                )
            } else {
                records[candidate] = Record(
                    candidate: candidate,
                    status: status,
                    outcome: load(candidate),
                    position: position
                )
            }
        }
        records = records.filter { record in
            if case .success = record.value.outcome { return true }
            return record.value.isPresent
        }
    }

    /// The list of plugins by id and path, and the plugins that can be used.
    func evaluate() -> (entries: [PluginEntry], active: [String: any UsablePlugin]) {
        var entries: [PluginEntry] = []
        var active: [String: any UsablePlugin] = [:]
        let order = records.values.sorted { $0.position < $1.position }
        let winners = winners(among: order)
        for record in order {
            let entry = entry(for: record, winners: winners)
            entries.append(entry)
            if entry.state == .active, case .success(let plugin) = record.outcome { active[entry.id] = plugin }
        }
        let known = Set(entries.map(\.id))
        entries += expected.subtracting(known).map(Self.missing)
        return (entries.sorted { ($0.id, $0.path) < ($1.id, $1.path) }, active)
    }

    /// The file that is used for each id: of the highest version, and of equal ones the first.
    private func winners(among records: [Record]) -> [String: any UsablePlugin] {
        var winners: [String: any UsablePlugin] = [:]
        for record in records where record.isPresent {
            guard case .success(let plugin) = record.outcome else { continue }
            let best = winners[plugin.manifest.id].map { SemanticVersion($0.manifest.version) }
            if let best, best >= SemanticVersion(plugin.manifest.version) { continue }
            winners[plugin.manifest.id] = plugin
        }
        return winners
    }

    private func entry(for record: Record, winners: [String: any UsablePlugin]) -> PluginEntry {
        var entry = PluginEntry(id: record.candidate.id, path: record.candidate.path, state: .active)
        switch record.outcome {
        case .failure(let refusal): entry.refuse(refusal)
        case .success(let plugin):
            entry.id = plugin.manifest.id
            entry.manifest = plugin.manifest
            if let refusal = refusal(of: plugin, record, winner: winners[plugin.manifest.id]) { entry.refuse(refusal) }
        }
        return entry
    }

    /// Why a loaded plugin is not used, or not as it should be.
    private func refusal(of plugin: any UsablePlugin, _ record: Record, winner: (any UsablePlugin)?) -> PluginRefusal? {
        let manifest = plugin.manifest
        if !record.isPresent {
            let reason =
                "\(plugin.path) is gone, though it was loaded from there; put it back, or restart to forget it."
            return PluginRefusal(.missing, .missing, reason)
        }
        if disabled.contains(manifest.id) { return PluginRefusal(.disabled, .disabled, Self.disabledReason) }
        if let winner, winner.path != plugin.path {
            let reason =
                "\(winner.path) has the same id and version \(winner.manifest.version), this one has \(manifest.version); "
                + "remove one of the two."
            return PluginRefusal(.superseded, .superseded, reason)
        }
        guard record.hasChanged else { return nil }
        let reason =
            "Restart needed: \(plugin.path) has changed, but version \(manifest.version) is loaded and stays until then."
        return PluginRefusal(.active, .restartNeeded, reason)
    }

    private static let disabledReason = "Switched off; enable it to use it."

    private static func isSame(_ old: PluginFileStatus?, _ new: PluginFileStatus?) -> Bool {
        guard let old, let new else { return old == new }
        return old.isSameContent(as: new)
    }

    private static func missing(_ id: String) -> PluginEntry {
        var entry = PluginEntry(id: id, path: "", state: .missing)
        let reason = "No plugin \(id) was found; what is configured for it is kept. Put it into a plugin folder again."
        entry.refuse(PluginRefusal(.missing, .missing, reason))
        return entry
    }
}
