import FoundationEssentials
import Synchronization

/// A token bucket for each key and each anonymous address.
final class RateLimiter: Sendable {
    /// Requests each hour for one key.
    static let keyLimit = 10_000.0
    /// Requests each hour for one address without a key.
    static let anonymousLimit = 600.0
    /// So many callers are remembered for certain; the ones that have not asked for longest are forgotten first.
    static let mostCallers = 10_000

    /// Buckets in two halves: when the recent ones are many, the older ones go at once and nothing has to be searched.
    private struct Buckets {
        var recent: [String: TokenBucket] = [:]
        var older: [String: TokenBucket] = [:]
    }

    private let buckets = Mutex(Buckets())
    private let clock: any WallClock

    init(clock: any WallClock) {
        self.clock = clock
    }

    /// Takes one request of `caller` at `address` into account.
    ///
    /// - Returns: `nil` when it may pass, else the seconds until it may.
    func delay(for caller: Caller, at address: String) -> Int? {
        guard let id = caller.keyID else { return take(address, Self.anonymousLimit) }
        return take(id, Self.keyLimit)
    }

    private func take(_ name: String, _ limit: Double) -> Int? {
        let now = clock.now
        let seconds = buckets.withLock { buckets in
            var bucket =
                buckets.recent[name] ?? buckets.older[name]
                ?? TokenBucket(capacity: limit, rate: limit / 3600, now: now)
            let wait = bucket.take(at: now)
            buckets.recent[name] = bucket
            if buckets.recent.count > Self.mostCallers {
                buckets.older = buckets.recent
                buckets.recent = [:]
            }
            return wait
        }
        return seconds.map { Int($0.rounded(.up)) }
    }
}
