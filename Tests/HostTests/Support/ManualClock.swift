import FoundationEssentials
import Synchronization

@testable import Host

/// A time of day that only the test moves; it begins at 2024-01-15T10:30:00Z.
final class ManualClock: WallClock {
    static let start = Date(timeIntervalSince1970: 1_705_314_600)

    private let time = Mutex(ManualClock.start)

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: TimeInterval) {
        time.withLock { $0 += seconds }
    }
}
