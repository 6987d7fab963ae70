import FoundationEssentials
import PluginAPI
import PluginHosting

/// What is known of every plugin file, what has to be done next, and what follows for the list of plugins.
///
/// A value without locks, threads or files: the catalog owns it, does what it says, and tells it what came of that.
struct PluginShelf: Sendable {
    /// Something to be done for one file; `finish` takes what came of it.
    enum Step: Hashable, Sendable {
        case look(PluginCandidate)
        case scan(PluginCandidate, PluginFile)
        case load(PluginCandidate, PluginFile, ScannedPlugin?, IsolationMode)
    }

    struct Record: Sendable {
        let candidate: PluginCandidate
        /// Where it stands among the candidates.
        var position = 0
        var isPresent = true
        var mustLook = true
        var running: Step?
        /// What was found when the file was last read.
        var file: Result<PluginFile, PluginRefusal>?
        var refused: Refused?
        var use: UsedPlugin?
        /// The hash of what this process has loaded from here, for good.
        var resident: String?
    }

    /// A failure that may be over the next time.
    struct Refused: Hashable, Sendable {
        let sha256: String
        /// Where it was to be loaded; `nil` when it was tried for the first time.
        let mode: IsolationMode?
        let refusal: PluginRefusal
    }

    var settings = PluginSettings()
    /// The hashes of the files that came with the server.
    var bundled: Set<String> = []
    /// `nil` when files are not pinned.
    var lock: PluginLock?
    var scans: [String: PluginScan] = [:]
    var faults: [String: PluginFault] = [:]
    /// The ids that something is configured for.
    var expected: Set<String> = []
    var records: [PluginCandidate: Record] = [:]
    /// Since when entries are as they are.
    var stamps = PluginStamps()
    private var leaving: [UsedPlugin] = []
    /// The most files that are read, or run for the first time, at once.
    private let atOnce: Int

    init(atOnce: Int = 2) {
        self.atOnce = max(1, atOnce)
    }

    /// Takes in what the folders hold now; each file is read again, and what was refused is tried again.
    mutating func update(_ candidates: [PluginCandidate]) {
        for candidate in records.keys { records[candidate]?.isPresent = false }
        for (position, candidate) in candidates.enumerated() {
            var record = records[candidate] ?? Record(candidate: candidate)
            record.position = position
            record.isPresent = true
            record.mustLook = true
            record.refused = nil
            records[candidate] = record
        }
        for record in records.values where !record.isPresent && record.resident == nil {
            if let use = record.use { leaving.append(use) }
            records[record.candidate] = nil
        }
    }

    /// What can be done now, which counts as begun.
    mutating func begin() -> [Step] {
        let best = contenders
        let unsettled = unsettledIDs
        var steps: [Step] = []
        for record in order {
            guard let step = step(for: record, best, unsettled), hasRoom(for: step) else { continue }
            records[record.candidate]?.running = step
            if case .look = step { records[record.candidate]?.mustLook = false }
            steps.append(step)
        }
        return steps
    }

    /// What can be waited for.
    enum Work: Hashable, Sendable {
        case everything
        /// Without files that run for the first time, which may take long.
        case allButScans
        /// What concerns the plugin of that id.
        case plugin(String)
    }

    /// Whether something of that is under way.
    func isBusy(_ work: Work) -> Bool {
        records.values.contains { record in
            guard let step = record.running else { return false }
            let isScan = if case .scan = step { true } else { false }
            return switch work {
            case .everything: true
            case .allButScans: !isScan
            case .plugin(let id): !isScan || self.id(of: record) == id
            }
        }
    }

    /// Takes in that a file was read.
    mutating func finish(look candidate: PluginCandidate, _ outcome: Result<PluginFile, PluginRefusal>) {
        records[candidate]?.running = nil
        records[candidate]?.file = outcome
    }

    /// Takes in how a file ran for the first time.
    ///
    /// - Returns: what is worth being kept.
    mutating func finish(
        scan candidate: PluginCandidate,
        _ file: PluginFile,
        _ outcome: Result<ScannedPlugin, PluginRefusal>,
        now: Date
    ) -> PluginScan? {
        records[candidate]?.running = nil
        var outcome = outcome
        if case .failure(let refusal) = outcome {
            guard PluginScan.isLasting(refusal) else {
                records[candidate]?.refused = Refused(sha256: file.sha256, mode: nil, refusal: refusal)
                return nil
            }
            outcome = .failure(PluginRefusal(.quarantined, refusal.code, refusal.reason))
        }
        let scan = PluginScan(sha256: file.sha256, outcome: outcome, time: now)
        scans[file.sha256] = scan
        return scan
    }

    /// Takes in that a file was loaded, or was not.
    mutating func finish(
        load candidate: PluginCandidate,
        _ file: PluginFile,
        _ mode: IsolationMode,
        _ outcome: Result<any UsablePlugin, PluginRefusal>
    ) {
        records[candidate]?.running = nil
        switch outcome {
        case .failure(let refusal):
            records[candidate]?.refused = Refused(sha256: file.sha256, mode: mode, refusal: refusal)
        case .success(let plugin):
            let use = UsedPlugin(plugin, of: file, mode: mode)
            guard let old = records[candidate] else {
                // The file went while it was loaded.
                leaving.append(use)
                return
            }
            if let use = old.use { leaving.append(use) }
            records[candidate]?.use = use
            if mode == .inProcess { records[candidate]?.resident = file.sha256 }
        }
    }

    /// Gives up what is no longer used; each one ends when its last connection does.
    mutating func retire() -> [UsedPlugin] {
        let serving = serving
        for record in records.values {
            // Code in this process cannot be given back, so it stays ready.
            guard let use = record.use, use.mode == .isolated,
                serving[use.plugin.manifest.id]?.candidate != record.candidate
            else { continue }
            leaving.append(use)
            records[record.candidate]?.use = nil
        }
        defer { leaving = [] }
        return leaving
    }

    /// Has a person's wish to try again: nothing that was found before counts.
    ///
    /// - Returns: the hashes whose findings are forgotten.
    mutating func forgetFailures(of id: String) -> Set<String> {
        var forgotten: Set<String> = []
        for record in records.values where self.id(of: record) == id {
            records[record.candidate]?.mustLook = true
            records[record.candidate]?.refused = nil
            guard let hash = record.hash else { continue }
            faults[hash] = nil
            scans[hash] = nil
            forgotten.insert(hash)
        }
        return forgotten
    }

    private func hasRoom(for step: Step) -> Bool {
        let running = records.values.compactMap(\.running)
        switch step {
        case .look: return running.count { if case .look = $0 { true } else { false } } < atOnce
        case .scan: return running.count { if case .scan = $0 { true } else { false } } < atOnce
        // The system's loader takes one file after the other anyway; so the order is always the same.
        case .load(_, _, _, .inProcess):
            return !running.contains { if case .load(_, _, _, .inProcess) = $0 { true } else { false } }
        case .load(_, _, _, .isolated): return true
        }
    }
}

extension PluginShelf.Record {
    /// The file, when it could be read.
    var sound: PluginFile? { try? file?.get() }
    /// Of the file that is there now.
    var hash: String? { sound?.sha256 }
}
