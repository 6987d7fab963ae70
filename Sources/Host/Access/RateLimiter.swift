import FoundationEssentials
import Synchronization

/// A token bucket for each key and each anonymous address.
final class RateLimiter: Sendable {
    /// Requests each hour for one key.
    static let keyLimit = 10_000.0
    /// Requests each hour for one address without a key.
    static let anonymousLimit = 600.0
    /// Beyond this many callers the full buckets are thrown away: they hold no memory worth keeping.
    private static let mostBuckets = 10_000

    private let buckets = Mutex<[String: TokenBucket]>([:])
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
            if buckets.count > Self.mostBuckets { Self.prune(&buckets, now) }
            return buckets[name, default: TokenBucket(capacity: limit, rate: limit / 3600, now: now)].take(at: now)
        }
        return seconds.map { Int($0.rounded(.up)) }
    }

    private static func prune(_ buckets: inout [String: TokenBucket], _ now: Date) {
        buckets = buckets.filter { now.timeIntervalSince($0.value.updated) < 600 }
    }
}
