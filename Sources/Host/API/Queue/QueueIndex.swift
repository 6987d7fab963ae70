import FoundationEssentials
import Synchronization

/// The queue as readers see it: items written out once, in order, behind a lock that is held for microseconds.
///
/// Pages are cut from it on the HTTP server's own threads, without waiting for the queue itself.
final class QueueIndex: Sendable {
    /// Which items a list wants.
    struct Filter: Hashable, Sendable {
        var status: QueueStatus.Status?
        var movieID: String?
        var seriesID: String?
        var includesHidden = false
    }

    private struct Entry {
        let id: String
        let added: Date
        let media: QueueItem.Media?
        let isHidden: Bool
        let status: QueueStatus.Status
        let rendering: QueueItem.Rendering
    }

    private struct State {
        /// By time of adding, then id.
        var entries: [Entry] = []
        /// When each item was added, by its id: what its place in the order is found by.
        var added: [String: Date] = [:]
        /// Positions by filter, until an item comes, goes or changes in a way that filters see.
        var selections: [Filter: [Int]] = [:]

        /// The place of an item.
        func position(of id: String) -> Int? {
            added[id].map { position(for: ($0, id)) }
        }

        /// The first place whose item does not come before `key`.
        func position(for key: (added: Date, id: String)) -> Int {
            var (low, high) = (0, entries.count)
            while low < high {
                let middle = (low + high) / 2
                if (entries[middle].added, entries[middle].id) < key { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private static let mostSelections = 64

    private let state = Mutex(State())

    /// Inserts or replaces `item`.
    ///
    /// - Returns: the status that it shows, if anything that can be seen has changed.
    @discardableResult
    func set(_ item: QueueItem, at now: Date) -> QueueStatus? {
        let status = item.status(at: now)
        let entry = Entry(
            id: item.id,
            added: item.added,
            media: item.media,
            isHidden: item.isHidden,
            status: status.status,
            rendering: item.rendering(status, at: now)
        )
        return state.withLock { state in
            if let position = state.position(of: item.id) {
                let old = state.entries[position]
                state.entries[position] = entry
                if old.status != entry.status || old.isHidden != entry.isHidden || old.media != entry.media {
                    state.selections.removeAll(keepingCapacity: true)
                }
                return old.rendering == entry.rendering ? nil : status
            } else {
                Self.insert(entry, &state)
                return status
            }
        }
    }

    func remove(_ ids: Set<String>) {
        state.withLock { state in
            if ids.count == 1, let position = ids.first.flatMap(state.position) {
                state.entries.remove(at: position)
            } else {
                state.entries.removeAll { ids.contains($0.id) }
            }
            for id in ids { state.added[id] = nil }
            state.selections.removeAll(keepingCapacity: true)
        }
    }

    /// The JSON of one item, or `nil`.
    func item(_ id: String, isPrivate: Bool) -> [UInt8]? {
        state.withLock { state in
            state.position(of: id).map { state.entries[$0].rendering.json(isPrivate: isPrivate) }
        }
    }

    /// The JSON of a page, in the form of the queue's API.
    ///
    /// - Parameter page: counts from 1. One past the end is empty.
    func page(_ filter: Filter, page: Int, limit: Int, isPrivate: Bool) -> [UInt8] {
        state.withLock { state in
            let selection = Self.select(filter, &state)
            let (offset, isBeyond) = (page - 1).multipliedReportingOverflow(by: limit)
            let start = isBeyond ? selection.count : min(offset, selection.count)
            let shown = selection[start..<min(start + limit, selection.count)]
            var bytes: [UInt8] = []
            bytes.reserveCapacity(128 + shown.reduce(0) { $0 + state.entries[$1].rendering.count + 1 })
            bytes.append(contentsOf: #"{"items":["#.utf8)
            for (index, position) in shown.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                state.entries[position].rendering.append(to: &bytes, isPrivate: isPrivate)
            }
            bytes.append(
                contentsOf: "],\"totalRecords\":\(selection.count),\"page\":\(page),\"pageSize\":\(limit)}".utf8
            )
            return bytes
        }
    }

    /// Items by status, hidden ones apart.
    var counts: (byStatus: [QueueStatus.Status: Int], hidden: Int) {
        state.withLock { state in
            var counts: [QueueStatus.Status: Int] = [:]
            var hidden = 0
            for entry in state.entries {
                if entry.isHidden { hidden += 1 } else { counts[entry.status, default: 0] += 1 }
            }
            return (counts, hidden)
        }
    }

    private static func insert(_ entry: Entry, _ state: inout State) {
        state.entries.insert(entry, at: state.position(for: (entry.added, entry.id)))
        state.added[entry.id] = entry.added
        state.selections.removeAll(keepingCapacity: true)
    }

    private static func select(_ filter: Filter, _ state: inout State) -> [Int] {
        if let selection = state.selections[filter] { return selection }
        let selection = state.entries.indices.filter { index in
            let entry = state.entries[index]
            return (filter.includesHidden || !entry.isHidden)
                && (filter.status.map { $0 == entry.status } ?? true)
                && (filter.movieID.map { entry.media?.kind == .movie && entry.media?.titleID == $0 } ?? true)
                && (filter.seriesID.map { entry.media?.kind == .series && entry.media?.titleID == $0 } ?? true)
        }
        if state.selections.count >= mostSelections { state.selections.removeAll(keepingCapacity: true) }
        state.selections[filter] = selection
        return selection
    }
}
