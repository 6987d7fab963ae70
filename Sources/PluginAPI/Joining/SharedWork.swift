import Synchronization

/// Does a piece of work once for all who want it at the same time.
///
/// Nothing is kept: who asks after the work has ended has it done again. Work that all who wait for it have given up is
/// cancelled.
///
///     let title = try await lookups.value(for: id) { try await fetch(id) }
public final class SharedWork<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Running {
        let number: UInt64
        let task: Task<Value, any Error>
        var waiting = 1
    }

    private struct State {
        var running: [Key: Running] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Nothing runs yet.
    public init() {}

    /// What `work` comes to, or the work that runs for `key` already.
    ///
    /// - Throws: what that work throws; `CancellationError` or the like when everybody has given up.
    public func value(for key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let (number, task) = join(key, work)
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            leave(key, number)
        }
    }

    /// How many wait for the work that runs for `key`.
    func waiting(for key: Key) -> Int {
        state.withLock { $0.running[key]?.waiting ?? 0 }
    }

    private func join(
        _ key: Key,
        _ work: @escaping @Sendable () async throws -> Value
    ) -> (UInt64, Task<Value, any Error>) {
        state.withLock { state in
            if let running = state.running[key] {
                state.running[key]?.waiting += 1
                return (running.number, running.task)
            }
            state.lastNumber += 1
            let number = state.lastNumber
            let task = Task {
                defer { self.end(key, number) }
                return try await work()
            }
            state.running[key] = Running(number: number, task: task)
            return (number, task)
        }
    }

    private func leave(_ key: Key, _ number: UInt64) {
        let abandoned = state.withLock { state -> Task<Value, any Error>? in
            guard var running = state.running[key], running.number == number else { return nil }
            running.waiting -= 1
            state.running[key] = running.waiting > 0 ? running : nil
            return running.waiting > 0 ? nil : running.task
        }
        abandoned?.cancel()
    }

    private func end(_ key: Key, _ number: UInt64) {
        state.withLock { state in
            if state.running[key]?.number == number { state.running[key] = nil }
        }
    }
}
