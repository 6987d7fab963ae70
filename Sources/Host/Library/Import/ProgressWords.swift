import Synchronization

/// Says how far an import is, once for each percent of a step.
final class ProgressWords: Sendable {
    private struct Point: Equatable {
        let step: TransferStep
        let percent: Int64
    }

    private let last = Mutex<Point?>(nil)

    /// The words for a point that has not been told yet; `nil` for one that has.
    ///
    /// - Parameter total: in bytes, as `done`.
    func next(_ step: TransferStep, _ done: Int64, _ total: Int64) -> String? {
        let point = Point(step: step, percent: total > 0 ? min(100, done / max(1, total / 100)) : 100)
        let isNew = last.withLock { last in
            defer { last = point }
            return last != point
        }
        guard isNew else { return nil }
        let size = "\(point.percent) % of \(total >> 20) MiB."
        return switch step {
        case .copying: "Copying into the library: \(size)"
        case .comparing: "Comparing the copy with the download: \(size)"
        }
    }
}
