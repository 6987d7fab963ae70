import Cryptography
import FoundationEssentials
import PluginAPI

/// The ways out of the queue.
extension DownloadQueue {
    /// How an item is removed.
    struct RemovalOptions: Sendable {
        var removesFromClient = true
        var blocks = false
        /// `nil` deletes the data of an unfinished download and keeps that of a finished one.
        var deletesFiles: Bool?
    }

    /// Removes an item.
    ///
    /// The client is asked in the background; a client that does not answer is asked again later.
    func remove(_ id: String, _ options: RemovalOptions) async throws {
        guard var item = items[id] else { throw QueueError.noSuchItem(id) }
        let now = clock.now
        let block = options.blocks ? blockedRelease(item, now) : nil
        if runningImport?.id == id { runningImport?.task.cancel() }
        if options.removesFromClient || item.downloadID == nil {
            let removal = removal(of: item, options, now)
            try await store.deleteQueueItems([id], removal: removal, blocking: block)
            forget([id])
            if let removal { start(removal) }
        } else {
            _ = item.tracked.ignore()
            try await store.update(item, blocking: block, now: now)
            _ = commit(item, at: now)
        }
    }

    /// Removes what is done with: imported and ignored items, and failed ones.
    ///
    /// Client data is left alone.
    ///
    /// - Returns: how many.
    func cleanUp(completed: Bool, failed: Bool) async throws -> Int {
        let ids = items.values.filter { item in
            switch item.tracked.state {
            case .imported, .ignored: completed
            case .failed: failed
            case .downloading, .importPending, .importing, .failedPending: false
            }
        }.map(\.id)
        guard !ids.isEmpty else { return 0 }
        try await store.deleteQueueItems(ids)
        forget(ids)
        return ids.count
    }

    /// Tries a failed item again.
    func retry(_ id: String) async throws {
        guard var item = items[id] else { throw QueueError.noSuchItem(id) }
        let actions: [TrackedDownload.Action]
        do {
            actions = try item.tracked.retry()
        } catch {
            throw QueueError.retryRefused(error)
        }
        let now = clock.now
        try await store.update([item], now: now)
        _ = commit(item, at: now)
        await perform(actions, on: id)
    }

    /// Begins the removals that earlier tries could not carry out, if they are due.
    ///
    /// Does not wait for them.
    func carryOutRemovals() async {
        let now = clock.now
        do {
            for removal in try store.removals() where removal.nextAttempt <= now {
                let instance = await registry.instance(removal.clientID)
                if instance?.isEnabled != false, instance?.health.mayTry(at: now) != false { start(removal) }
            }
        } catch {
            logger.error("The journal of removals cannot be read: \(error)")
        }
    }

    /// Writes a removal and begins it.
    func startRemoval(of key: DownloadKey, deletesData: Bool) async {
        let removal = Store.Removal(
            id: RandomBytes.uuid(),
            clientID: key.clientID,
            downloadID: key.downloadID,
            deletesData: deletesData,
            attempts: 0,
            nextAttempt: clock.now
        )
        do {
            try await store.deleteQueueItems([], removal: removal)
            start(removal)
        } catch {
            logger.error("A removal cannot be stored: \(error)")
        }
    }

    /// Makes way for an add: a removal of the same download that runs is waited for, one that waits is dropped.
    func settleRemovals(of infoHash: String?, at clientID: String) async {
        guard let infoHash else { return }
        // Clients name a v2 torrent by the begin of its hash.
        for id in Set([infoHash, String(infoHash.prefix(40))]) {
            let key = DownloadKey(clientID: clientID, downloadID: id)
            await removalsUnderWay[key]?.value
            do {
                // Reading first: a write waits for the disk, and hardly ever is there anything to drop.
                let waiting = try store.removals().contains { $0.clientID == clientID && $0.downloadID == id }
                if waiting { try await store.deleteRemovals(clientID: clientID, downloadID: id) }
            } catch {
                logger.error("A removal cannot be dropped: \(error)")
            }
        }
    }

    private func start(_ removal: Store.Removal) {
        let key = DownloadKey(clientID: removal.clientID, downloadID: removal.downloadID)
        guard removalsUnderWay[key] == nil else { return }
        removalsUnderWay[key] = Task {
            await self.carryOut(removal, key)
            self.removalsUnderWay[key] = nil
        }
    }

    private func carryOut(_ removal: Store.Removal, _ key: DownloadKey) async {
        do {
            // Nothing is left to do at a client that was deleted here, nor when the download was added again.
            if idsByDownload[key] == nil, await registry.instance(removal.clientID) != nil {
                let client = try await registry.downloadClient(removal.clientID)
                try await client.remove(removal.downloadID, deletingData: removal.deletesData)
                await Self.waitUntilGone(removal.downloadID, from: client)
            }
            try await store.deleteRemoval(removal.id)
        } catch {
            await postpone(removal, PluginError(wrapping: error))
        }
    }

    /// Clients go on listing for a moment what they have removed.
    ///
    /// An add that came in that moment would take it for a download that is there.
    private static func waitUntilGone(_ downloadID: String, from client: any DownloadClient) async {
        for _ in 0..<15 {
            guard (try? await client.item(downloadID)) != nil else { return }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func postpone(_ removal: Store.Removal, _ error: PluginError) async {
        do {
            if error.code == .notFound || error.code == .invalid { return try await store.deleteRemoval(removal.id) }
            logger.warning("A download cannot be removed from its client yet: \(error.message)")
            var next = removal
            next.attempts += 1
            let step = min(next.attempts, InstanceHealth.ladder.count - 1)
            next.nextAttempt = clock.now.addingTimeInterval(InstanceHealth.ladder[step] * 60)
            try await store.update(next)
        } catch {
            logger.error("A removal cannot be stored: \(error)")
        }
    }

    private func removal(of item: QueueItem, _ options: RemovalOptions, _ now: Date) -> Store.Removal? {
        // A client that has not confirmed a torrent yet may have it all the same, under its hash.
        guard options.removesFromClient,
            let downloadID = item.downloadID ?? item.infoHash.map({ String($0.prefix(40)) })
        else { return nil }
        let isFinished = item.tracked.isComplete || item.tracked.state == .imported
        return Store.Removal(
            id: RandomBytes.uuid(),
            clientID: item.clientID,
            downloadID: downloadID,
            deletesData: options.deletesFiles ?? !isFinished,
            attempts: 0,
            nextAttempt: now
        )
    }

    private func blockedRelease(_ item: QueueItem, _ now: Date) -> Store.BlockedRelease {
        Store.BlockedRelease(
            id: RandomBytes.uuid(),
            infoHash: item.infoHash,
            title: item.title,
            titleID: item.media?.titleID,
            reason: "removed from the queue and blocked by a user",
            created: now
        )
    }
}
