import FoundationEssentials

/// Who is told what happens in the queue: an API that shows it.
protocol QueueFeed: Sendable {
    /// An item is there.
    ///
    /// - Parameter isNew: whether it was accepted just now; otherwise the server has read it at its start.
    func appeared(_ item: QueueItem, isNew: Bool, at now: Date)

    /// An item may look different from what it was.
    func changed(_ item: QueueItem, wasHidden: Bool, at now: Date)

    /// A download is complete.
    func completed(_ item: QueueItem, at now: Date)

    /// A download has failed for good.
    func failed(_ item: QueueItem, at now: Date)

    /// Items are gone.
    func disappeared(_ items: [QueueItem])
}
