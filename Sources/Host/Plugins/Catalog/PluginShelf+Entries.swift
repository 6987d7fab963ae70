import FoundationEssentials
import PluginAPI
import PluginHosting

/// The list of plugins.
extension PluginShelf {
    /// All plugins by id and path, and those that instances can be made of.
    mutating func evaluate(now: Date) -> (entries: [PluginEntry], active: [String: UsedPlugin]) {
        let serving = serving
        var entries = order.map { entry(for: $0, serving) }
        let known = Set(entries.map(\.id))
        entries += expected.subtracting(known).map { missing($0) }
        entries.sort { ($0.id, $0.path) < ($1.id, $1.path) }
        stamps.stamp(&entries, now: now)
        let active = serving.compactMapValues { record in
            record.use?.supervised?.runner.isGivenUp == true ? nil : record.use
        }
        return (entries, active)
    }

    private func entry(for record: Record, _ serving: [String: Record]) -> PluginEntry {
        let id = record.use?.plugin.manifest.id ?? id(of: record)
        var entry = PluginEntry(id: id, path: record.candidate.path, state: .active)
        entry.sha256 = record.use?.sha256 ?? record.hash
        entry.manifest = record.use?.plugin.manifest ?? manifest(of: record)
        entry.isolation = settings.isolation(of: id)
        entry.effectiveIsolation = record.use?.mode ?? record.sound.map { mode(of: $0, id) }
        entry.use = record.use.map(ObjectIdentifier.init)
        entry.runner = record.use?.supervised?.runner
        if let refusal = refusal(of: record, id, serving[id]) { entry.refuse(refusal) }
        entry.happened = happened(entry, record)
        entry.actions = actions(entry, record)
        return entry
    }

    /// Why a plugin is not used, or what is to be said of one that is.
    private func refusal(of record: Record, _ id: String, _ serving: Record?) -> PluginRefusal? {
        if !record.isPresent {
            let reason =
                "\(record.candidate.path) is gone, though it was loaded from there; put it back, or restart to forget it."
            return PluginRefusal(.missing, .missing, reason)
        }
        if settings.disabled.contains(id) {
            return PluginRefusal(.disabled, .disabled, "Switched off; enable it to use it.")
        }
        if serving?.candidate == record.candidate, let use = record.use { return note(on: use, record) }
        if case .failure(let refusal)? = record.file { return refusal }
        if let other = serving?.use, let refusal = inferiority(of: record, to: other) { return refusal }
        if let file = record.sound, let obstacle = obstacle(to: file, of: record) { return obstacle }
        let isRunning = if case .scan = record.running { true } else { false }
        let reason =
            isRunning
            ? "It is being tried in a process of its own." : "Found, and not looked at yet; this takes a moment."
        return PluginRefusal(.discovered, .waiting, reason)
    }

    /// What is to be said of a plugin that is used.
    private func note(on use: UsedPlugin, _ record: Record) -> PluginRefusal? {
        let path = record.candidate.path
        if let runner = use.supervised?.runner, runner.isGivenUp {
            let end = runner.lastEnd.map { " The last time it \($0)." } ?? ""
            let reason =
                "It has ended \(runner.crashes) times within an hour, so it is not started any more.\(end) Retry to start "
                + "it again; if that does not help, tell its author."
            return PluginRefusal(.crashed, .crashes, reason)
        }
        if case .failure(let refusal)? = record.file, use.mode == .isolated { return outliving(use, refusal) }
        guard let file = record.sound else { return use.mode == .inProcess ? restartNeeded(path, use) : nil }
        if let obstacle = obstacle(to: file, of: record), file.sha256 != use.sha256 || use.mode == .inProcess {
            return outliving(use, obstacle)
        }
        if use.mode == .inProcess { return file.sha256 == use.sha256 ? nil : restartNeeded(path, use) }
        if record.resident != nil {
            let reason =
                "It runs in a process of its own now. Restart needed to be rid of its code in the server, which is not "
                + "called any more."
            return PluginRefusal(.active, .restartNeeded, reason)
        }
        guard let fault = faults[use.sha256], settings.isolation(of: fault.id) == .auto else { return nil }
        let reason =
            "\(fault.words) So it has a process of its own now; retry to have it in the server again."
        return PluginRefusal(.active, .movedToIsolated, reason)
    }

    /// What is used goes on beside a file that is refused.
    private func outliving(_ use: UsedPlugin, _ refusal: PluginRefusal) -> PluginRefusal {
        let words =
            use.mode == .inProcess
            ? "What is loaded goes on until the next start."
            : "The process of version \(use.plugin.manifest.version) goes on until it ends."
        return PluginRefusal(.active, refusal.code, "\(words) \(refusal.reason)")
    }

    private func restartNeeded(_ path: String, _ use: UsedPlugin) -> PluginRefusal {
        let version = use.plugin.manifest.version
        let reason = "Restart needed: \(path) has changed, but version \(version) is loaded and stays until then."
        return PluginRefusal(.active, .restartNeeded, reason)
    }

    private func inferiority(of record: Record, to other: UsedPlugin) -> PluginRefusal? {
        guard let manifest = manifest(of: record), other.plugin.manifest.id == manifest.id else { return nil }
        let (its, ours) = (other.plugin.manifest.version, manifest.version)
        guard SemanticVersion(its) >= SemanticVersion(ours) else { return nil }
        let reason =
            "\(other.plugin.path) has the same id and version \(its), this one has \(ours); remove one of the two."
        return PluginRefusal(.superseded, .superseded, reason)
    }

    private func missing(_ id: String) -> PluginEntry {
        var entry = PluginEntry(id: id, path: "", state: .missing)
        let reason = "No plugin \(id) was found; what is configured for it is kept. Put it into a plugin folder again."
        entry.refuse(PluginRefusal(.missing, .missing, reason))
        entry.isolation = settings.isolation(of: id)
        if settings.disabled.contains(id) { entry.actions = [.enable] }
        return entry
    }

    /// When it came to be so, if that was before this run of the server.
    private func happened(_ entry: PluginEntry, _ record: Record) -> Date? {
        switch entry.code {
        case .crashedOnLoad, .slowOnLoad: record.hash.flatMap { scans[$0]?.time }
        case .crashedServer, .movedToIsolated: entry.sha256.flatMap { faults[$0]?.time }
        default: nil
        }
    }

    private func actions(_ entry: PluginEntry, _ record: Record) -> [PluginAction] {
        guard entry.state != .superseded else { return [] }
        var actions: [PluginAction] = [entry.state == .disabled ? .enable : .disable]
        if entry.mayBeRetried { actions.append(.retry) }
        if let hash = record.hash, lock?.admits(hash, as: entry.id) == false { actions.append(.accept) }
        return actions + [.isolate]
    }
}
