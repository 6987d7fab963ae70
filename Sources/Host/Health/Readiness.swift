import Synchronization

/// Whether the server has finished loading and has not begun to stop.
final class Readiness: Sendable {
    private let flag = Atomic<Bool>(false)

    var isReady: Bool { flag.load(ordering: .acquiring) }

    func set(_ isReady: Bool) {
        flag.store(isReady, ordering: .releasing)
    }
}
