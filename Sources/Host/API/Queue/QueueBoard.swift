import FoundationEssentials
import HTTPServer

/// The queue as its API shows it: pages that are ready to be sent, and events for those who follow it.
struct QueueBoard: QueueFeed {
    let index: QueueIndex
    let broadcaster: EventBroadcaster

    func appeared(_ item: QueueItem, isNew: Bool, at now: Date) {
        index.set(item, at: now)
        if isNew { publish("queueItemAdded", item, now) }
    }

    func changed(_ item: QueueItem, wasHidden: Bool, at now: Date) {
        guard let status = index.set(item, at: now), !(wasHidden && item.isHidden) else { return }
        if item.tracked.state == .ignored {
            removed(item.id)
        } else {
            _ = broadcaster.publish(event: "queueItemUpdated", data: item.changeJSON(status, at: now))
        }
    }

    func completed(_ item: QueueItem, at now: Date) { publish("queueCompleted", item, now) }
    func failed(_ item: QueueItem, at now: Date) { publish("queueFailed", item, now) }

    func disappeared(_ items: [QueueItem]) {
        index.remove(Set(items.map(\.id)))
        for item in items where !item.isHidden { removed(item.id) }
    }

    private func removed(_ id: String) {
        _ = broadcaster.publish(event: "queueItemRemoved", data: JSONWriter.object { $0.member("id", id) })
    }

    /// Anybody may follow the events, so nothing private is said.
    private func publish(_ event: String, _ item: QueueItem, _ now: Date) {
        _ = broadcaster.publish(
            event: event,
            data: item.rendering(item.status(at: now), at: now).json(isPrivate: false)
        )
    }
}
