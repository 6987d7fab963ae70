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
        guard let item = items[id] else { throw QueueError.noSuchItem(id) }
        let now = clock.now
        let block = options.blocks ? blockedRelease(item, now) : nil
        let importing = runningImport?.id == id ? runningImport?.task : nil
        importing?.cancel()
        guard options.removesFromClient || item.downloadID == nil else { return try await ignore(item, block, now) }
        let removal = removal(of: item, options, now)
        try await store.deleteQueueItems([id], removal: removal, blocking: block)
        let key = items[id]?.downloadKey
        forget([id])
        if let removal { start(removal, after: importing) }
        // The client may have taken the download while the store was waited for.
        if options.removesFromClient, let key, key != removal?.key {
            await startRemoval(of: key, deletesData: options.deletesFiles ?? true)
        }
    }

    /// Lets a download live in its client.
    private func ignore(_ item: QueueItem, _ block: Store.BlockedRelease?, _ now: Date) async throws {
        var ignored = item
        _ = ignored.tracked.ignore()
        try await store.update(ignored, blocking: block, now: now)
        // What has come meanwhile stays.
        guard var latest = items[item.id] else { return }
        _ = latest.tracked.ignore()
        _ = commit(latest, at: now)
    }

    /// Removes what is done with: imported and ignored items, and failed ones.
    ///
    /// Client data is left alone.
    ///
    /// - Returns: how many.
    func cleanUp(completed: Bool, failed: Bool) async throws -> Int {
        let ids = items.all.filter { item in
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

    /// Cleans up the oldest of what is done with, so that years of use do not fill the memory.
    func forgetOldest() async {
        let done = items.ids(.done)
        guard done.count > mostDone else { return }
        let oldest = done.compactMap { items[$0] }.sorted { ($0.added, $0.id) < ($1.added, $1.id) }
            .prefix(done.count - mostDone).map(\.id)
        do {
            try await store.deleteQueueItems(oldest)
            forget(oldest)
            logger.info("Removed \(oldest.count) old items from the queue; more than \(mostDone) were done with.")
        } catch {
            logger.error("Old items cannot be removed from the queue: \(error)")
        }
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
        // At once, so that no report comes in between; what cannot be written now is written later.
        await commitAndStore(item)
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

    /// Waits for a removal of the same download that runs: it would take away what its client is given now.
    ///
    /// None begins while an add is under way, and none is carried out that an item of the queue stands against.
    func waitForRemoval(of infoHash: String?, at clientID: String) async {
        guard let infoHash else { return }
        let key = DownloadKey(clientID: clientID, downloadID: QueueRoster.shortHash(infoHash))
        await removalsUnderWay[key]?.value
    }

    /// - Parameter importing: the import of the same download, if it runs. It must be undone first: it needs the
    ///   client's files for that.
    private func start(_ removal: Store.Removal, after importing: Task<Void, Never>? = nil) {
        let key = removal.key
        // While the same is being added it is not known whether the client's download will be wanted.
        let isBeingAdded = addsUnderWay.keys.contains { QueueRoster.shortHash($0) == key.downloadID }
        guard removalsUnderWay[key] == nil, !isBeingAdded else { return }
        removalsUnderWay[key] = Task {
            await importing?.value
            await self.carryOut(removal)
            self.removalsUnderWay[key] = nil
        }
    }

    private func carryOut(_ removal: Store.Removal) async {
        do {
            // Nothing is left to do at a client that was deleted here, nor when the download was added again.
            if !items.wants(removal.key), await registry.instance(removal.clientID) != nil {
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
            let highest =
                error.isTransient ? InstanceHealth.highestUnreachableStep : InstanceHealth.ladder.count - 1
            let step = min(next.attempts, highest)
            next.nextAttempt = clock.now.addingTimeInterval(InstanceHealth.ladder[step] * 60)
            try await store.update(next)
        } catch {
            logger.error("A removal cannot be stored: \(error)")
        }
    }

    private func removal(of item: QueueItem, _ options: RemovalOptions, _ now: Date) -> Store.Removal? {
        // A client that has not confirmed a torrent yet may have it all the same, under its hash.
        guard options.removesFromClient,
            let downloadID = item.downloadID ?? item.infoHash.map(QueueRoster.shortHash)
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

extension Store.Removal {
    fileprivate var key: DownloadKey { DownloadKey(clientID: clientID, downloadID: downloadID) }
}
