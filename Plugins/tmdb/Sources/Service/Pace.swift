import PluginAPI
import Synchronization

import struct FoundationEssentials.Date

/// Until when TMDB wants to be left alone, for all calls of an instance.
final class Pace: Sendable {
    private let blockedUntil = Mutex<Date?>(nil)

    /// Whole seconds to wait at `now`; `nil` when nothing stands against a request.
    func wait(at now: Date) -> Int? {
        blockedUntil.withLock { until in
            guard let end = until, end > now else { return nil }
            return max(1, Int(end.timeIntervalSince(now).rounded(.up)))
        }
    }

    /// TMDB asks at `now` for `seconds` of silence.
    func block(for seconds: Int, at now: Date) {
        let end = now.addingTimeInterval(Double(seconds))
        blockedUntil.withLock { $0 = max($0 ?? end, end) }
    }
}
