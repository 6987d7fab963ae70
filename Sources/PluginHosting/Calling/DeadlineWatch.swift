import Synchronization

/// Whoever has calls that have to be given up when their deadlines pass.
protocol DeadlineKeeper: AnyObject, Sendable {
    /// Gives up what is due at `now`.
    ///
    /// - Returns: when it has to be asked again.
    func expire(at now: UInt64) -> UInt64?
}

/// Has calls given up in time, all with one thread.
final class DeadlineWatch: Sendable {
    /// One for the process: each alarm keeps a thread until the process ends.
    static let shared = DeadlineWatch()

    private let keepers = Mutex<[ObjectIdentifier: any DeadlineKeeper]>([:])
    private let alarm: DeadlineAlarm

    private init() {
        alarm = DeadlineAlarm { DeadlineWatch.shared.expire(at: $0) }
    }

    /// Asks `keeper` from now on, until it is removed.
    func add(_ keeper: any DeadlineKeeper) {
        keepers.withLock { $0[ObjectIdentifier(keeper)] = keeper }
    }

    func remove(_ keeper: any DeadlineKeeper) {
        keepers.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(keeper)) }
    }

    /// Makes sure that the keepers are asked at `time` of the monotonic clock, or earlier.
    func watch(deadline time: UInt64) {
        alarm.set(noLaterThan: time)
    }

    private func expire(at now: UInt64) {
        for keeper in keepers.withLock({ Array($0.values) }) {
            if let next = keeper.expire(at: now) { alarm.set(noLaterThan: next) }
        }
    }
}
