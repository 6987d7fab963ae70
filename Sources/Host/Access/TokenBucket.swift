import FoundationEssentials

/// Lets something happen so many times at once, and then as often as tokens come in.
struct TokenBucket: Sendable {
    let capacity: Double
    /// Tokens each second.
    let rate: Double
    private var tokens: Double
    private(set) var updated: Date

    /// A full bucket.
    init(capacity: Double, rate: Double, now: Date) {
        self.capacity = capacity
        self.rate = rate
        tokens = capacity
        updated = now
    }

    /// Takes one token.
    ///
    /// - Returns: `nil` when there was one, else the seconds until there is.
    mutating func take(at now: Date) -> Double? {
        // A clock that was set back brings no tokens, and takes none.
        tokens = min(capacity, tokens + max(0, now.timeIntervalSince(updated)) * rate)
        updated = now
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return (1 - tokens) / rate
    }
}
