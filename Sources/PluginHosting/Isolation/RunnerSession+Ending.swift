import PluginAPI
import Synchronization

/// How a session begins and ends for those who wait for it.
extension RunnerSession {
    /// Whether somebody waits for the first frame.
    var isStarting: Bool { state.withLock { $0.starting != nil } }

    /// Tells whoever waits for the first frame what came of it; nothing from the second time on.
    func finishStart(_ result: Result<RunnerHello, PluginRefusal>) {
        state.withLock { $0.starting.take() }?.resume(returning: result)
    }

    /// Ends a runner that has not loaded the plugin by `limit`.
    func checkStart(at now: UInt64, until limit: UInt64, _ path: String) {
        guard now >= limit, isStarting else { return }
        let reason =
            "\(path) was not loaded in time: its code waits for something at the start. Ask its author, then retry."
        end(because: .slow)
        finishStart(.failure(PluginRefusal(.quarantined, .slowOnLoad, reason)))
    }

    /// Has the thread of the session end the process; the first reason counts.
    func end(because reason: RunnerEnd) {
        state.withLock { if $0.reason == nil { $0.reason = reason } }
        wake.signal()
    }

    /// Answers everybody who still waits, for the process is gone.
    func finish(_ end: RunnerEnd) {
        let hosts = state.withLock { state in
            state.end = end
            defer { state.hosts = [:] }
            return state.hosts.values
        }
        writer.withLock { $0 }?.close()
        DeadlineWatch.shared.remove(self)
        // Before anybody is told, so that they find it noted when they try again.
        listener.ended(end)
        let reason =
            "The plugin \(plugin) \(end.words) while it was loaded. Ask its author for a working build, then retry."
        finishStart(.failure(PluginRefusal(.quarantined, .crashedOnLoad, reason)))
        for id in open.waiting { _ = open.abandon(id, crashed) }
        for host in hosts { host.end() }
    }
}

extension RunnerSession: DeadlineKeeper {
    func expire(at now: UInt64) -> UInt64? {
        let due = open.due(at: now)
        let message = "The plugin \(plugin) did not answer in time; look at the service behind it and try again."
        for id in due.expired { giveUp(id, PluginError(.deadlineExceeded, message)) }
        return [due.next, checkSilence(at: now)].compactMap { $0 }.min()
    }

    /// Ends a runner that does not even answer a call that it was asked to give up, and says nothing else.
    ///
    /// - Returns: when to look again.
    private func checkSilence(at now: UInt64) -> UInt64? {
        guard let abandoned = open.earliestAbandoned else { return nil }
        let limit = max(abandoned, lastSign.load(ordering: .relaxed)) + UInt64(Self.silenceLimit) * 1_000_000_000
        guard limit <= now else { return limit }
        end(because: .silent(Self.silenceLimit))
        return nil
    }
}
