/// Lets through what comes at a bearable pace, before anything is done with it.
///
/// A plugin that writes without end would otherwise keep the server busy with reading what nobody will see.
struct FloodGate {
    /// What may come within a second.
    static let limit = 1000

    private var second: UInt64 = 0
    private var count = 0
    private var leftOut = 0

    /// Counts one more.
    ///
    /// - Parameter now: of the monotonic clock.
    /// - Returns: whether it may pass, and how many did not in the second before, told once.
    mutating func passes(at now: UInt64) -> (isOpen: Bool, leftOut: Int) {
        var missed = 0
        if now / 1_000_000_000 != second {
            second = now / 1_000_000_000
            (missed, leftOut, count) = (leftOut, 0, 0)
        }
        count += 1
        guard count <= Self.limit else {
            leftOut += 1
            return (false, missed)
        }
        return (true, missed)
    }
}
