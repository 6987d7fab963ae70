import FoundationEssentials
import PluginAPI

/// What the clients report.
extension DownloadQueue {
    /// Takes over a client's changes.
    ///
    /// Downloads that Kinodock did not add are passed over: they belong to somebody else.
    ///
    /// - Returns: whether something is going on there, so that the next poll should come soon.
    func apply(_ changes: DownloadChanges, from clientID: String) async -> Bool {
        let now = clock.now
        var batch = Batch()
        var seen: Set<String> = []
        for report in changes.items {
            guard var item = items.item(of: DownloadKey(clientID: clientID, downloadID: report.id)) else { continue }
            if changes.isComplete { seen.insert(item.id) }
            let title = item.title
            let actions = item.update(from: report, at: now)
            if item.title != title { grade(&item) }
            change(item, actions, &batch, now)
        }
        let gone =
            changes.isComplete
            ? items.ids(.open, at: clientID).filter { !seen.contains($0) && items[$0]?.downloadID != nil }.sorted()
            : changes.removed.compactMap { items.item(of: DownloadKey(clientID: clientID, downloadID: $0))?.id }
        for id in gone { markMissing(id, &batch, now) }
        for id in items.ids(.unanswered, at: clientID) { clientAnswered(id, &batch, now) }
        await finish(batch, now)
        submitWaiting(at: clientID)
        return !items.ids(.active, at: clientID).isEmpty
    }

    /// The client's ids of downloads about which nothing has been reported yet.
    ///
    /// A list of changes can miss them: they may have been new in the one that came before the queue knew of them.
    func unreported(at clientID: String, limit: Int) -> [String] {
        items.ids(.unreported, at: clientID).prefix(limit).compactMap { items[$0]?.downloadID }
    }

    /// The client does not have a download that it was asked for by its id.
    func reportMissing(_ downloadID: String, at clientID: String) async {
        guard let id = items.item(of: DownloadKey(clientID: clientID, downloadID: downloadID))?.id else { return }
        let now = clock.now
        var batch = Batch()
        markMissing(id, &batch, now)
        await finish(batch, now)
    }

    /// The client does not tell anything about a download that it was asked for by its id.
    func reportUnknown(_ downloadID: String, at clientID: String, _ error: PluginError) {
        guard let item = items.item(of: DownloadKey(clientID: clientID, downloadID: downloadID)) else { return }
        showProblem("\(item.clientName) tells nothing about this download: \(error.message)", on: item)
    }

    /// The client could not be asked: its downloads show why nothing moves.
    func clientFailed(_ clientID: String, _ error: PluginError) {
        for item in openItems(of: clientID) {
            showProblem("\(item.clientName) cannot be asked: \(error.message)", on: item)
        }
    }

    /// The configured clients have changed: names, switches, path mappings.
    func clientsChanged(_ instances: [Instance]) async {
        let byID = Dictionary(uniqueKeysWithValues: instances.map { ($0.id, $0) })
        for clientID in Set(items.ids(.open).compactMap { items[$0]?.clientID }) {
            let instance = byID[clientID]
            for var item in openItems(of: clientID) {
                if let name = instance?.name, item.clientName != name {
                    item.clientName = name
                    _ = commit(item, at: clock.now)
                }
                if instance == nil {
                    showProblem("Its download client was deleted. Remove the download here, or add it again.", on: item)
                } else if instance?.isEnabled == false {
                    showProblem("\(item.clientName) is switched off. Enable it to go on.", on: item)
                }
            }
            if instance?.isEnabled == true { await retryImports(of: clientID) }
        }
    }

    /// Time has passed: due retries begin, and patience ends.
    func tick() async {
        let now = clock.now
        var batch = Batch()
        for id in items.ids(.timed) {
            guard var item = items[id] else { continue }
            let actions = item.tracked.tick(at: now)
            change(item, actions, &batch, now)
        }
        await finish(batch, now)
        await storeUnsaved(now)
        await forgetOldest()
        startNextImport()
    }

    /// Tries failed imports of a client again at once: the wait was for a change from outside, and this is one.
    private func retryImports(of clientID: String) async {
        let now = clock.now
        var batch = Batch()
        for var item in openItems(of: clientID)
        where item.tracked.state == .failedPending && item.tracked.failure?.stage == .import {
            let actions = item.tracked.tick(at: .distantFuture)
            change(item, actions, &batch, now)
        }
        await finish(batch, now)
    }

    /// The items of a client that are not done with.
    private func openItems(of clientID: String) -> [QueueItem] {
        items.ids(.open, at: clientID).compactMap { items[$0] }
    }

    /// Changes that are stored together, and what has to be done after them.
    private struct Batch {
        var changed: [QueueItem] = []
        var events: [NotificationEvent] = []
        var actions: [(id: String, actions: [TrackedDownload.Action])] = []
    }

    private func change(
        _ item: QueueItem,
        _ actions: [TrackedDownload.Action],
        _ batch: inout Batch,
        _ now: Date
    ) {
        if commit(item, at: now) {
            batch.changed.append(item)
            batch.events += events(for: actions, of: item, now)
        }
        if !actions.isEmpty { batch.actions.append((item.id, actions)) }
    }

    private func finish(_ batch: Batch, _ now: Date) async {
        await storeItems(batch.changed, announcing: batch.events, now)
        for (id, actions) in batch.actions { await perform(actions, on: id) }
    }

    private func markMissing(_ id: String, _ batch: inout Batch, _ now: Date) {
        guard var item = items[id], !item.isHidden else { return }
        let actions = item.tracked.handleMissing(at: now)
        item.downloadSpeed = 0
        item.uploadSpeed = 0
        change(item, actions, &batch, now)
    }

    private func showProblem(_ problem: String, on item: QueueItem) {
        guard item.tracked.state == .downloading, item.clientProblem != problem else { return }
        var item = item
        item.clientProblem = problem
        item.downloadSpeed = 0
        item.uploadSpeed = 0
        _ = commit(item, at: clock.now)
    }

    private func clientAnswered(_ id: String, _ batch: inout Batch, _ now: Date) {
        guard var item = items[id], item.clientProblem != nil, needsSubmission[id] == nil else { return }
        item.clientProblem = nil
        change(item, [], &batch, now)
    }
}
