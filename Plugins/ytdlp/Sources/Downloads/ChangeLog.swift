/// Which downloads have changed since when.
///
/// An old revision can be asked for again, so an answer that got lost on its way loses nothing.
struct ChangeLog: Sendable {
    /// Removals that are remembered; who has missed more gets everything.
    private static let mostRemovals = 1000

    private var changed: [String: UInt64] = [:]
    private var removals: [(id: String, revision: UInt64)] = []
    private var oldest: UInt64 = 0
    /// The latest revision.
    private(set) var revision: UInt64 = 1

    mutating func note(_ id: String) {
        revision += 1
        changed[id] = revision
        removals.removeAll { $0.id == id }
    }

    mutating func noteRemoval(_ id: String) {
        revision += 1
        changed[id] = nil
        removals.append((id, revision))
        guard removals.count > Self.mostRemovals else { return }
        oldest = removals[0].revision
        removals.removeFirst()
    }

    /// The ids that have changed after `revision`, and those that are gone; `nil` when that is not known any more.
    func changes(after known: UInt64) -> (changed: [String], removed: [String])? {
        guard known >= oldest, known <= revision else { return nil }
        guard known < revision else { return ([], []) }
        return (
            changed.filter { $0.value > known }.map(\.key), removals.filter { $0.revision > known }.map(\.id)
        )
    }
}
