import Synchronization

/// Counts answers by the hundreds of their status.
final class RequestCounters: Sendable {
    private let counts = Mutex([Int](repeating: 0, count: 6))

    func count(_ status: Int) {
        counts.withLock { $0[min(max(status / 100, 0), 5)] += 1 }
    }

    /// Answers by class; 2 stands for 200 to 299.
    var byClass: [(key: Int, value: Int)] {
        counts.withLock { counts in (1...5).map { ($0, counts[$0]) } }
    }
}
