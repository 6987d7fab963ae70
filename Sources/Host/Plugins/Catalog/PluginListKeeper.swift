import Synchronization

/// Writes the list of plugins to the memory: the newest one, and never two at once.
final class PluginListKeeper: Sendable {
    /// Gives the list as it is when it is written: who tells of a change may be overtaken by the next one.
    typealias Read = @Sendable () -> [PluginEntry]

    private struct State {
        var waiting: Read?
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

    /// Has the list written soon.
    func keep(_ read: @escaping Read) {
        let begins = state.withLock { state in
            state.waiting = read
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
        while let read = next() {
            do {
                try await memory.keep(pluginList: PluginEntry.json(of: read()))
            } catch {
                report("The list of plugins cannot be stored: \(error.words)")
            }
        }
    }

    private func next() -> Read? {
        let (read, waiters) = state.withLock { state -> (Read?, [AsyncStream<Void>.Continuation]) in
            if let read = state.waiting.take() { return (read, []) }
            defer { (state.isWriting, state.waiters) = (false, []) }
            return (nil, state.waiters)
        }
        waiters.forEach { $0.finish() }
        return read
    }
}
