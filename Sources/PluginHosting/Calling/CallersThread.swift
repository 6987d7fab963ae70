import Synchronization

/// Lets `invoke` run on the thread of its caller, for plugins that promise that it returns without waiting.
///
/// That thread belongs to Swift's pool, of which there are as few as the machine has cores. So one call of a plugin is
/// let in at a time, and none any more after one has stayed for long: a plugin that breaks its promise takes one
/// thread, not all.
final class CallersThread: Sendable {
    enum Outcome {
        /// The body ran.
        case done
        /// The body ran, and took so long that this was the last one that did.
        case tooSlow(milliseconds: UInt64)
        /// The body has to run somewhere else.
        case refused
    }

    /// Nanoseconds after which the promise counts as broken; far more than a busy machine makes of some microseconds.
    private let patience: UInt64
    private let isTaken = Atomic<Bool>(false)
    private let isTrusted = Atomic<Bool>(true)

    init(patience: UInt64 = 250_000_000) {
        self.patience = patience
    }

    func run(_ body: () -> Void) -> Outcome {
        guard isTrusted.load(ordering: .relaxed), !isTaken.exchange(true, ordering: .acquiring) else { return .refused }
        defer { isTaken.store(false, ordering: .releasing) }
        let start = MonotonicTime.now
        body()
        let time = MonotonicTime.now - start
        guard time > patience else { return .done }
        isTrusted.store(false, ordering: .relaxed)
        return .tooSlow(milliseconds: time / 1_000_000)
    }
}
