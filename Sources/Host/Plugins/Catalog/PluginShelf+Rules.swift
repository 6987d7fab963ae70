import PluginAPI
import PluginHosting

/// What may be run, where, and which file of several.
extension PluginShelf {
    var order: [Record] { records.values.sorted { $0.position < $1.position } }

    /// The id that the file has, as far as it is known.
    func id(of record: Record) -> String {
        if let manifest = manifest(of: record) { return manifest.id }
        // A file that cannot be read now is still the one that was loaded.
        if let use = record.use, record.sound == nil { return use.plugin.manifest.id }
        return record.candidate.id
    }

    /// What the file that is there now says of itself.
    func manifest(of record: Record) -> PluginManifest? {
        guard let file = record.sound else { return nil }
        if let use = record.use, use.sha256 == file.sha256 { return use.plugin.manifest }
        return scanned(file)?.manifest ?? file.manifest
    }

    func scanned(_ file: PluginFile) -> ScannedPlugin? { try? scans[file.sha256]?.outcome.get() }

    /// Where the file's code is to run.
    func mode(of file: PluginFile, _ id: String) -> IsolationMode {
        switch settings.isolation(of: id) {
        case .inProcess: .inProcess
        case .isolated: .isolated
        case .auto: bundled.contains(file.sha256) && faults[file.sha256] == nil ? .inProcess : .isolated
        }
    }

    /// Whether the file must run alone before it is used.
    func needsScan(_ file: PluginFile, _ mode: IsolationMode) -> Bool {
        mode == .isolated || !bundled.contains(file.sha256)
    }

    /// What keeps a file that was read from being used, apart from better ones.
    func obstacle(to file: PluginFile, of record: Record) -> PluginRefusal? {
        let id = id(of: record)
        if lock?.admits(file.sha256, as: id) == false { return Self.changed(record.candidate.path, id) }
        let mode = mode(of: file, id)
        if let fault = faults[file.sha256], mode == .inProcess { return Self.deadly(fault) }
        if needsScan(file, mode), case .failure(let refusal)? = scans[file.sha256]?.outcome { return refusal }
        if let refused = record.refused, refused.sha256 == file.sha256 {
            let isInTheWay = refused.mode.map { $0 == mode } ?? needsScan(file, mode)
            if isInTheWay { return refused.refusal }
        }
        return misplacement(of: record)
    }

    /// The best file for each id of those that may be used: of the highest version, and of equal ones the first.
    var contenders: [String: PluginCandidate] {
        let able = order.compactMap { record -> (Record, PluginManifest)? in
            guard record.isPresent, let file = record.sound, let manifest = manifest(of: record),
                !settings.disabled.contains(manifest.id), obstacle(to: file, of: record) == nil
            else { return nil }
            return (record, manifest)
        }
        return Self.best(of: able).mapValues(\.candidate)
    }

    /// The files that are used, by id.
    var serving: [String: Record] {
        let able = order.compactMap { record -> (Record, PluginManifest)? in
            guard let use = record.use, record.isPresent, canServe(use, record) else { return nil }
            return (record, use.plugin.manifest)
        }
        return Self.best(of: able)
    }

    /// The ids of which a file may turn out to be the best one.
    var unsettledIDs: [String: Set<PluginCandidate>] {
        var found: [String: Set<PluginCandidate>] = [:]
        for record in records.values where record.isPresent {
            let id = id(of: record)
            guard record.mustLook || record.file == nil || isUnknown(record, id) else { continue }
            found[id, default: []].insert(record.candidate)
        }
        return found
    }

    /// What comes next for a file.
    func step(
        for record: Record,
        _ best: [String: PluginCandidate],
        _ unsettled: [String: Set<PluginCandidate>]
    ) -> Step? {
        guard record.isPresent, record.running == nil else { return nil }
        if record.mustLook { return .look(record.candidate) }
        guard let file = record.sound else { return nil }
        let id = id(of: record)
        guard !settings.disabled.contains(id), obstacle(to: file, of: record) == nil else { return nil }
        let mode = mode(of: file, id)
        if record.use?.isCurrent(file, mode) == true { return nil }
        // What is loaded into the process stays there: a restart is needed.
        if mode == .inProcess, let resident = record.resident, resident != file.sha256 { return nil }
        if needsScan(file, mode), scanned(file) == nil { return .scan(record.candidate, file) }
        if let manifest = manifest(of: record) {
            let rivals = unsettled[manifest.id]?.subtracting([record.candidate]) ?? []
            guard best[manifest.id] == record.candidate, rivals.isEmpty else { return nil }
        }
        return .load(record.candidate, file, scanned(file), mode)
    }

    private func canServe(_ use: UsedPlugin, _ record: Record) -> Bool {
        guard !settings.disabled.contains(use.plugin.manifest.id) else { return false }
        // What is in the process goes on as it was loaded, whatever becomes of its file.
        if use.mode == .inProcess { return true }
        switch record.file {
        case .success(let file): return obstacle(to: file, of: record) == nil || outlives(use, file)
        case .failure: return use.isRunning
        case nil: return true
        }
    }

    /// Whether a process goes on whose file was replaced by one that is refused: there is no other one to start.
    private func outlives(_ use: UsedPlugin, _ file: PluginFile) -> Bool {
        file.sha256 != use.sha256 && use.isRunning
    }

    private func isUnknown(_ record: Record, _ id: String) -> Bool {
        guard let file = record.sound, manifest(of: record) == nil, !settings.disabled.contains(id) else {
            return false
        }
        return obstacle(to: file, of: record) == nil
    }

    private static func best(of able: [(record: Record, manifest: PluginManifest)]) -> [String: Record] {
        var best: [String: (record: Record, version: SemanticVersion)] = [:]
        for (record, manifest) in able {
            let version = SemanticVersion(manifest.version)
            if let other = best[manifest.id], other.version >= version { continue }
            best[manifest.id] = (record, version)
        }
        return best.mapValues(\.record)
    }

    private func misplacement(of record: Record) -> PluginRefusal? {
        manifest(of: record).flatMap { ManifestRules.misplacement(of: $0.id, in: record.candidate) }
    }

    private static func changed(_ path: String, _ id: String) -> PluginRefusal {
        let reason =
            "\(path) is not the file that the plugin lock names for \(id). If you have put it there, accept it: kinodock "
            + "plugins accept \(id). If not, put the old file back."
        return PluginRefusal(.quarantined, .changed, reason)
    }

    private static func deadly(_ fault: PluginFault) -> PluginRefusal {
        let reason =
            "\(fault.words) It is not run in the server again until you retry it; or give it a process of its own: "
            + "kinodock plugins isolation \(fault.id) isolated."
        return PluginRefusal(.quarantined, .crashedServer, reason)
    }
}
