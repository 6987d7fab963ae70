/// When a runner that has crashed may be started again.
package struct RestartPolicy: Sendable {
    /// Crashes within an hour after which nothing is started any more, until a person says so.
    package var limit = 10
    /// Seconds to wait after the first crash within an hour, the second, and so on; the last one holds for all others.
    package var waits: [Double] = [0, 1, 2, 4, 8, 15, 30, 60]

    /// The policy that is meant for use.
    package init() {}

    private static let hour: UInt64 = 3600 * 1_000_000_000

    /// What to do after crashes at these times of the monotonic clock, in nanoseconds.
    ///
    /// - Returns: when to start again; `nil` when there were too many.
    func nextStart(after crashes: [UInt64]) -> UInt64? {
        guard let last = crashes.last else { return 0 }
        let recent = recent(crashes, at: last)
        guard recent.count < limit else { return nil }
        let wait = waits.isEmpty ? 0 : waits[min(recent.count, waits.count) - 1]
        return last + UInt64(wait * 1_000_000_000)
    }

    /// The crashes within the last hour.
    func recent(_ crashes: [UInt64], at now: UInt64) -> [UInt64] {
        crashes.filter { $0 + Self.hour > now }
    }
}
