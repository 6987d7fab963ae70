import FoundationEssentials
import PluginAPI

/// Finished downloads go into the library one at a time, in the order in which they finished.
extension DownloadQueue {
    func startNextImport() {
        guard runningImport == nil, !isEnding else { return }
        while let id = importLine.popFirst() {
            guard var item = items[id], !item.tracked.importStarted().isEmpty else { continue }
            item.importProgress = nil
            // At once, so that whatever happens to the item from here on happens to one that is being imported.
            _ = commit(item, at: clock.now)
            runningImport = (id, Task { await self.runImport(id) })
            return
        }
    }

    /// Ends the way of a download that goes nowhere: it stays where its client has put it.
    func leave(_ item: QueueItem) async {
        var item = item
        item.tracked.stayed()
        await commitAndStore(item)
        logger.info("\(item.title) is complete.", ["item": .string(item.id)])
    }

    /// Stops the import that runs, and begins no other; for the end of the server.
    func stopImports() async {
        isEnding = true
        importLine = ImportLine()
        runningImport?.task.cancel()
        await runningImport?.task.value
    }

    private func runImport(_ id: String) async {
        if let item = items[id], item.tracked.state == .importing {
            await storeItems([item], clock.now)
            do throws(ImportFailure) {
                let progress: @Sendable (String) -> Void = { words in Task { await self.importProgressed(id, words) } }
                try await importer.importDownload(item, progress: progress) { try await self.record($0, of: id) }
                logger.info("\(item.title) is in the library.", ["item": .string(id)])
            } catch {
                await importFailed(id, error)
            }
        }
        runningImport = nil
        startNextImport()
    }

    private func importProgressed(_ id: String, _ words: String) {
        guard var item = items[id], item.tracked.state == .importing else { return }
        item.importProgress = words
        _ = commit(item, at: clock.now)
    }

    /// Writes the end of an import: files, journal and item in one transaction.
    ///
    /// - Returns: `false` when the item was removed meanwhile.
    func record(_ imported: ImportedDownload, of id: String) async throws -> Bool {
        guard var item = items[id], item.tracked.state == .importing else { return false }
        _ = item.tracked.importFinished()
        item.media = imported.media
        let now = clock.now
        let event = NotificationEvent.imported(imported, item, at: now)
        try await store.record(imported, item: item, announcing: [event], now: now)
        hasNews()
        guard var latest = items[id] else { return true }
        _ = latest.tracked.importFinished()
        latest.media = imported.media
        // Subscribers hear of it once more before lists stop showing it.
        _ = commit(latest, at: now)
        return true
    }

    private func importFailed(_ id: String, _ failure: ImportFailure) async {
        guard var item = items[id] else { return }
        let now = clock.now
        if isEnding, failure.code == .cancelled {
            item.tracked.importCancelled()
            if commit(item, at: now) { await storeItems([item], now) }
            return
        }
        let actions = item.tracked.importFailed(failure, at: now)
        await commitAndStore(item, actions)
        logger.warning("The import of \(item.title) failed: \(failure.message)", ["item": .string(id)])
        await perform(actions, on: id)
    }
}
