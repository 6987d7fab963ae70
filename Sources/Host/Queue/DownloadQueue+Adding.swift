import Cryptography
import FoundationEssentials
import PluginAPI
import SQLite

/// The way into the queue.
extension DownloadQueue {
    /// What became of an add.
    struct AddOutcome: Sendable {
        let item: QueueItem
        /// Whether the queue had it already.
        let existed: Bool
        /// The ids of further items that the same source has become.
        var others: [String] = []

        init(item: QueueItem, existed: Bool) {
            self.item = item
            self.existed = existed
        }
    }

    /// Accepts a download: when this returns, the store knows it and the client has it or will be given it again.
    ///
    /// - Throws: `QueueError`; nothing is kept then.
    func add(_ request: DownloadRequest) async throws -> AddOutcome {
        let source = try ResolvedSource(request.content)
        let title = try request.newTitle ?? request.titleID.map { try storedTitle($0, request.titleKind) }
        let name = request.name ?? source.name.map(QueueItem.shortened) ?? source.infoHash ?? "download"
        if let reason = try store.blockReason(infoHash: source.infoHash, title: name, titleID: request.titleID) {
            throw QueueError.blocked(reason: reason)
        }
        let candidates = try await candidates(for: request, source)
        let draft = draft(request, source, name: name, title: title)
        guard let hash = source.infoHash else {
            return try await Task { try await self.place(draft, source, request, among: candidates) }.value
        }
        // Two requests for the same release at once: the second one gets what the first one makes. Each turn of the
        // loop waits for one add to end.
        while true {
            if let existing = existing(hash, among: candidates) {
                return try await attach(draft.media, request.newTitle, to: existing)
            }
            guard let underWay = addsUnderWay[hash] else { break }
            _ = try? await underWay.value
        }
        // A task of its own: a client that goes away must not leave half an add behind.
        let task = Task { try await self.place(draft, source, request, among: candidates) }
        addsUnderWay[hash] = task
        defer { addsUnderWay[hash] = nil }
        return try await task.value
    }

    private func storedTitle(_ id: String, _ kind: Title.Kind?) throws -> Title {
        guard let title = try store.title(id), kind == nil || kind == title.kind else {
            throw QueueError.noSuchTitle(id, kind)
        }
        return title
    }

    private func existing(_ hash: String, among clients: [Instance]) -> QueueItem? {
        items.items(withInfoHash: hash).first { item in
            item.tracked.state != .ignored && clients.contains { $0.id == item.clientID }
        }
    }

    /// Gives an item that was there already what it was asked for now, if it is for nothing yet.
    private func attach(
        _ media: QueueItem.Media?,
        _ newTitle: Title?,
        to existing: QueueItem
    ) async throws -> AddOutcome {
        guard let media, existing.media == nil else { return AddOutcome(item: existing, existed: true) }
        var item = existing
        item.media = media
        let now = clock.now
        try await store.update(item, adding: newTitle, now: now)
        guard var latest = items[existing.id], latest.media == nil else {
            return AddOutcome(item: items[existing.id] ?? existing, existed: true)
        }
        latest.media = media
        _ = commit(latest, at: now)
        return AddOutcome(item: latest, existed: true)
    }

    func candidates(for request: DownloadRequest, _ source: ResolvedSource) async throws -> [Instance] {
        if let id = request.clientID {
            guard let instance = await registry.instance(id), instance.kind == .downloadClient, instance.isEnabled
            else {
                throw QueueError.noSuchClient(id)
            }
            if let manifest = await registry.manifest(of: instance),
                manifest.sources?.contains(.known(source.source)) != true
            {
                throw QueueError.noClientTakes(source.source)
            }
            return [instance]
        }
        return try await takers(of: source)
    }

    /// By priority, then health, then how much each has to do.
    ///
    /// One that is known to fail comes last whatever its priority, for it may still be the only one.
    private func ranked(_ instances: [Instance]) -> [Instance] {
        let now = clock.now
        let ranks = instances.map { instance in
            let isResting = !instance.health.mayTry(at: now)
            let isDoubtful = instance.health.message != nil
            let load = items.ids(.active, at: instance.id).count
            return (isResting ? 1 : 0, instance.priority, isDoubtful ? 1 : 0, load, instance.name, instance.id)
        }
        return zip(ranks, instances).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The clients that take `source` in the order in which they are asked; of an address, those that are made for it
    /// first.
    private func takers(of source: ResolvedSource) async throws -> [Instance] {
        let instances = ranked(await registry.downloadClients(taking: source.source))
        guard source.source == .url else {
            guard !instances.isEmpty else { throw QueueError.noClientTakes(source.source) }
            return instances
        }
        var sources: [String: [Open<PluginManifest.Source>]] = [:]
        for instance in instances { sources[instance.id] = await registry.manifest(of: instance)?.sources }
        let address = AddressKind(source.link)
        let fitting = address.sorted(instances) { sources[$0.id] ?? [] }
        guard !fitting.isEmpty else { throw QueueError.noClientTakes(address.source) }
        return fitting
    }

    private func draft(
        _ request: DownloadRequest,
        _ source: ResolvedSource,
        name: String,
        title: Title?
    ) -> QueueItem {
        var item = QueueItem(
            id: "q_" + RandomBytes.uuid(),
            clientID: "",
            clientName: "",
            infoHash: source.infoHash,
            title: name,
            downloadProtocol: source.downloadProtocol,
            source: source.source,
            category: request.category,
            isPaused: request.isPaused ?? false,
            media: title.map { QueueItem.Media(titleID: $0.id, kind: $0.kind, episodeIDs: request.episodeIDs) },
            indexer: request.indexer,
            quality: "",
            qualityScore: 0,
            tracked: TrackedDownload(source.downloadProtocol),
            added: clock.now
        )
        grade(&item)
        return item
    }

    /// Reads the quality out of the release's name.
    func grade(_ item: inout QueueItem) {
        let quality = ReleaseName(item.title).quality
        item.quality = quality.name
        item.qualityScore = qualities.score(of: quality)
    }

    /// Offers the download to one client after the other, until one has taken it, or may have.
    private func place(
        _ draft: QueueItem,
        _ source: ResolvedSource,
        _ request: DownloadRequest,
        among clients: [Instance]
    ) async throws -> AddOutcome {
        var refusals: [(client: String, error: PluginError)] = []
        for instance in clients {
            var item = draft
            item.clientID = instance.id
            item.clientName = instance.name
            if source.source == .url {
                let sources = await registry.manifest(of: instance)?.sources ?? []
                item.isDownloaded(by: AddressKind(source.link).downloadProtocol(with: sources))
            }
            do {
                return try await place(item, source, request)
            } catch let error as PluginError {
                // It has the download already: with another one it would be there twice.
                if error.code == .conflict { throw QueueError.client(name: instance.name, error) }
                refusals.append((instance.name, error))
            }
        }
        throw Self.refusal(refusals) ?? .noClientTakes(source.source)
    }

    /// What the first client says, which is the preferred one, and then the others.
    private static func refusal(_ refusals: [(client: String, error: PluginError)]) -> QueueError? {
        guard let first = refusals.first else { return nil }
        var error = first.error
        for other in refusals.dropFirst() { error.message += " \(other.client): \(other.error.message)" }
        return .client(name: first.client, error)
    }

    /// Writes the intention, asks the client, and writes what it answered.
    ///
    /// - Throws: `PluginError` when the client surely does not have the download; nothing is kept then.
    private func place(
        _ draft: QueueItem,
        _ source: ResolvedSource,
        _ request: DownloadRequest
    ) async throws -> AddOutcome {
        let newTitle = request.newTitle
        do {
            try await store.insert(
                draft,
                source: try stored(source, request.wishes, for: draft.id),
                newTitle: newTitle,
                now: clock.now
            )
        } catch let error as SQLiteError where error.isForeignKey {
            throw QueueError.noSuchTitle(draft.media?.titleID ?? "", draft.media?.kind)
        }
        do {
            let answer = try await submit(draft, link: source.link, file: source.file, request.wishes)
            // Before the first one is confirmed, so that a kill in between has all of them asked for again.
            let others = try await adopt(answer.others ?? [], beside: draft)
            var outcome = try await confirm(draft, answer, newTitle)
            outcome.others = others
            if !outcome.existed { accept(outcome.item) }
            return outcome
        } catch let error as PluginError where error.leavesDoubt {
            // The client may have it. Giving it the same again later is harmless, losing it would not be.
            var item = draft
            item.clientProblem = "\(item.clientName) has not confirmed the download yet: \(error.message)"
            needsSubmission[item.id] = PendingSubmission()
            accept(item)
            return AddOutcome(item: item, existed: false)
        } catch {
            try await store.deleteQueueItems([draft.id], title: newTitle?.id)
            throw error is PluginError ? error : PluginError(wrapping: error)
        }
    }

    /// Makes items of further downloads that the source of `draft` has become in its client.
    ///
    /// - Returns: the ids of the items, also of those that were there already.
    func adopt(_ others: [AddedDownload.Other], beside draft: QueueItem) async throws -> [String] {
        var ids: [String] = []
        for other in others {
            let key = DownloadKey(clientID: draft.clientID, downloadID: other.id)
            if let existing = items.item(of: key), existing.tracked.state != .ignored {
                ids.append(existing.id)
                continue
            }
            var item = draft
            item.id = "q_" + RandomBytes.uuid()
            item.downloadID = other.id
            item.title = QueueItem.shortened(other.name)
            item.infoHash = nil
            grade(&item)
            let replaced = items.item(of: key).map { [$0.id] } ?? []
            try await store.deleteQueueItems(replaced)
            forget(replaced)
            try await store.insert(item, source: .init(), now: clock.now)
            accept(item)
            ids.append(item.id)
        }
        return ids
    }

    /// The client has the download of `draft` and calls it what it answered.
    ///
    /// - Returns: the item that the download belongs to. When that is another one `draft` is gone from the store.
    func confirm(_ draft: QueueItem, _ answer: AddedDownload, _ newTitle: Title? = nil) async throws -> AddOutcome {
        var item = draft
        item.downloadID = answer.id
        item.infoHash = answer.infoHash ?? item.infoHash
        item.clientProblem = nil
        // A torrent client that fetches plain files too says by its answer which of both it is.
        if item.source == .url, item.downloadProtocol == .torrent, !answer.isTorrent,
            AddressKind(try link(of: item.id) ?? "") != .torrent
        {
            item.isDownloaded(by: .url)
        }
        var replaced: [String] = []
        if let key = item.downloadKey, let existing = items.item(of: key), existing.id != item.id {
            guard existing.tracked.state == .ignored else {
                try await store.deleteQueueItems([draft.id], title: newTitle?.id)
                return AddOutcome(item: existing, existed: true)
            }
            replaced = [existing.id]
        }
        // Remembered before the store is waited for, so that nobody else takes the same download meanwhile.
        forget(replaced)
        remember(item)
        let now = clock.now
        let event = NotificationEvent.grabbed(item, for: newTitle ?? title(of: item), at: now)
        do {
            try await store.confirm(item, replacing: replaced, announcing: [event], now: now)
            hasNews()
        } catch {
            unsaved.insert(item.id)
            unannounced.append(event)
            logger.error("\(item.title) is with its client, but that cannot be stored yet: \(error)")
        }
        return AddOutcome(item: items[item.id] ?? item, existed: false)
    }

    private func accept(_ item: QueueItem) {
        let now = clock.now
        remember(item)
        feed.appeared(item, isNew: true, at: now)
        logger.info("\(item.clientName) was given \(item.title).", ["item": .string(item.id)])
        pollSoon(item.clientID)
    }

    func submit(
        _ item: QueueItem,
        link: String,
        file: Data?,
        _ wishes: DownloadWishes
    ) async throws -> AddedDownload {
        logger.redactor.remember(link)
        defer { logger.redactor.forget(link) }
        do {
            let client = try await registry.downloadClient(item.clientID)
            await waitForRemoval(of: item.infoHash, at: item.clientID)
            var request = AddDownload(source: item.source, link: link)
            request.name = item.source == .url ? nil : item.title
            request.category = item.category
            request.paused = item.isPaused ? true : nil
            request.priority = wishes.priority.map(Open.known)
            request.options = wishes.options
            return try await client.add(request, file: file)
        } catch {
            throw PluginError(wrapping: error)
        }
    }

    /// The magnet or address that an item was made from, or `nil`.
    nonisolated func link(of id: String) throws -> String? {
        guard let sealed = try store.downloadSource(of: id)?.link else { return nil }
        return String(decoding: try sealingKey.open(sealed, context: Self.linkContext(id)), as: UTF8.self)
    }

    /// The wishes that an item was made with.
    nonisolated func wishes(of id: String) throws -> DownloadWishes {
        guard let sealed = try store.downloadSource(of: id)?.wishes else { return DownloadWishes() }
        return try JSONDecoder().decode(
            DownloadWishes.self,
            from: try sealingKey.open(sealed, context: Self.wishesContext(id))
        )
    }

    /// `source` and `wishes` as the store holds them: what may be secret is sealed.
    private nonisolated func stored(
        _ source: ResolvedSource,
        _ wishes: DownloadWishes,
        for id: String
    ) throws -> Store.DownloadSource {
        var stored = Store.DownloadSource(file: source.file)
        if !source.link.isEmpty {
            stored.link = try sealingKey.seal(Data(source.link.utf8), context: Self.linkContext(id))
        }
        if !wishes.isEmpty {
            stored.wishes = try sealingKey.seal(try JSONEncoder().encode(wishes), context: Self.wishesContext(id))
        }
        return stored
    }

    static func wishesContext(_ id: String) -> String { "queue-wishes:" + id }

    static func linkContext(_ id: String) -> String { "queue:" + id }
}
