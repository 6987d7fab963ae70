import Glibc
import Synchronization

/// Rings when the earliest of many deadlines passes.
///
/// Setting a deadline costs one comparison unless it is the earliest; nothing is done when a call ends in time. So the
/// alarm may ring for a call that is over, and whoever is rung looks which calls are due.
final class DeadlineAlarm: Sendable {
    private struct State {
        var next = UInt64.max
        var isRunning = false
    }

    private let state = Mutex(State())
    private let earlier = WakeUp()
    private let ring: @Sendable (_ now: UInt64) -> Void

    /// - Parameter ring: called on a thread of the alarm's own.
    init(ring: @escaping @Sendable (_ now: UInt64) -> Void) {
        self.ring = ring
    }

    /// Makes sure that the alarm rings at `time` of the monotonic clock, or earlier.
    func set(noLaterThan time: UInt64) {
        let (isEarlier, mustStart) = state.withLock { state in
            guard time < state.next else { return (false, false) }
            state.next = time
            defer { state.isRunning = true }
            return (true, !state.isRunning)
        }
        if mustStart {
            // The thread keeps the alarm alive: one that was used lives as long as the process.
            let isRunning = SystemThread.start { self.run() }
            // Without a thread the next deadline tries again.
            if !isRunning { state.withLock { $0 = State() } }
        } else if isEarlier {
            earlier.signal()
        }
    }

    private func run() {
        while true {
            let (now, next) = (MonotonicTime.now, state.withLock(\.next))
            guard next <= now else {
                earlier.wait(milliseconds: (next - now) / 1_000_000 + 1)
                continue
            }
            state.withLock { $0.next = .max }
            ring(now)
        }
    }
}
