import FoundationEssentials
import PluginAPI
import PluginHosting

/// Loads plugins as the server does.
struct ServerPluginLoading: RunnerPluginLoading {
    let runner: RunnerProgram
    let logger: Logger
    /// Knows when the code of a plugin runs in this process; `nil` when it cannot be kept.
    let sentinel: CrashSentinel?

    var isForUse: Bool { true }

    func load(
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ scanned: ScannedPlugin?,
        _ mode: IsolationMode,
        changed: @escaping @Sendable () -> Void
    ) async throws(PluginRefusal) -> any UsablePlugin {
        switch (mode, scanned) {
        case (.isolated, let scanned?):
            return IsolatedPlugin(
                manifest: scanned.manifest,
                candidate: candidate,
                program: runner,
                file: file.status,
                line: output(of: scanned.manifest.id),
                changed: changed
            )
        case (.isolated, nil):
            throw PluginRefusal(
                .failed,
                .loadFailed,
                "\(candidate.path) was not tried before it was to be used; rescan."
            )
        case (.inProcess, _):
            let mark = sentinel?.mark(for: candidate, sha256: file.sha256) ?? .none
            let loaded = await BlockingWork.run {
                Result { () throws(PluginRefusal) in
                    try PluginLoader.load(candidate, expecting: file.status, mark: mark)
                }
            }
            return try loaded.get()
        }
    }

    /// What a plugin prints goes into the log, but not without end.
    func output(of id: String) -> @Sendable (RunnerListener.Stream, String) -> Void {
        let log = InstanceLog(logger, instance: id, as: "plugin")
        return { stream, text in log.write(.info, text, ["stream": .string(stream.rawValue)]) }
    }
}

extension IsolatedPlugin: SupervisedPlugin {
    var runner: RunnerView {
        let status = status
        return RunnerView(
            pid: status.processID,
            crashes: status.crashes,
            lastEnd: status.lastCrash,
            isGivenUp: status.isGivenUp
        )
    }
}
