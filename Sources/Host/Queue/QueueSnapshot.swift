import Synchronization

/// The newest download of each title, for readers that cannot wait for the queue.
final class QueueSnapshot: Sendable {
    private let newest = Mutex<[String: QueueItem]>([:])

    /// The newest item for a title, or `nil`.
    func newestItem(for titleID: String) -> QueueItem? {
        newest.withLock { $0[titleID] }
    }

    /// Takes over an item, unless its title has a newer one.
    func note(_ item: QueueItem) {
        guard let title = item.media?.titleID else { return }
        newest.withLock { newest in
            if let other = newest[title], other.id != item.id, other.added > item.added { return }
            newest[title] = item
        }
    }

    /// An item is gone; `next` is what its title has besides.
    func drop(_ item: QueueItem, next: QueueItem?) {
        guard let title = item.media?.titleID else { return }
        newest.withLock { if $0[title]?.id == item.id { $0[title] = next } }
    }
}
