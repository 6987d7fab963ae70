import Synchronization

/// Writes the list of plugins to the memory: the newest one, and never two at once.
final class PluginListKeeper: Sendable {
    private struct State {
        var waiting: [PluginEntry]?
        var isWriting = false
        var waiters: [AsyncStream<Void>.Continuation] = []
    }

    private let memory: any PluginMemory
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    init(memory: any PluginMemory, report: @escaping @Sendable (String) -> Void) {
        self.memory = memory
        self.report = report
    }

    /// Has `entries` written soon, in place of what waits.
    func keep(_ entries: [PluginEntry]) {
        let begins = state.withLock { state in
            state.waiting = entries
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { Task { await self.write() } }
    }

    /// Returns when all is written that was to be kept before.
    func finish() async {
        let (stream, end) = AsyncStream.makeStream(of: Void.self)
        let isBusy = state.withLock { state in
            if state.isWriting { state.waiters.append(end) }
            return state.isWriting
        }
        guard isBusy else { return }
        for await _ in stream {}
    }

    private func write() async {
        while let entries = next() {
            do {
                try await memory.keep(pluginList: PluginEntry.json(of: entries))
            } catch {
                report("The list of plugins cannot be stored: \(error.words)")
            }
        }
    }

    private func next() -> [PluginEntry]? {
        let (entries, waiters) = state.withLock { state -> ([PluginEntry]?, [AsyncStream<Void>.Continuation]) in
            if let entries = state.waiting.take() { return (entries, []) }
            defer { (state.isWriting, state.waiters) = (false, []) }
            return (nil, state.waiters)
        }
        waiters.forEach { $0.finish() }
        return entries
    }
}
