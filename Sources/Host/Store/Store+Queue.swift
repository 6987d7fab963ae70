import FoundationEssentials
import PluginAPI
import SQLite

extension Store {
    /// What a queue item was made from; kept apart from the item, for it may be large and is seldom needed.
    struct DownloadSource: Sendable {
        /// The magnet or address, sealed: it may hold a key of an indexer.
        var link: Data?
        /// The .torrent or NZB.
        var file: Data?
        /// Priority and options, sealed: they may hold cookies and passwords.
        var wishes: Data?
    }

    /// A download that has to be removed from its client.
    struct Removal: Sendable, Identifiable {
        let id: String
        let clientID: String
        let downloadID: String
        let deletesData: Bool
        var attempts: Int
        var nextAttempt: Date
    }

    /// A release that must not be downloaded again.
    struct BlockedRelease: Sendable {
        let id: String
        let infoHash: String?
        let title: String
        /// Blocks it for this title only.
        let titleID: String?
        let reason: String
        let created: Date
    }

    func queueItems(clientName: (String) -> String) throws -> [QueueItem] {
        try database.read { connection in
            try connection.query(
                """
                SELECT id, client_id, download_id, info_hash, title, protocol, category, source, paused, title_id,
                    title_kind, episode_ids, indexer, quality, quality_score, state, size, remaining, output_path,
                    added, started FROM queue ORDER BY added, id
                """
            ) { try Self.queueItem($0, clientName: clientName) }
        }
    }

    /// Inserts an item, and with it the title that it is for when that is new.
    nonisolated(nonsending) func insert(_ item: QueueItem, source: DownloadSource, newTitle: Title? = nil, now: Date)
        async throws
    {
        let state = try Self.encode(item.tracked)
        let episodes = try Self.encode(item.media?.episodeIDs ?? [])
        try await database.write { connection in
            if let newTitle { try Self.insert(newTitle, connection) }
            try connection.execute(
                """
                INSERT INTO queue (id, client_id, download_id, info_hash, title, protocol, category, source, link, file,
                    paused, title_id, title_kind, episode_ids, indexer, quality, quality_score, state, size, remaining,
                    output_path, added, started, ended, updated, wishes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                item.id,
                item.clientID,
                item.downloadID,
                item.infoHash,
                item.title,
                item.downloadProtocol.rawValue,
                item.category,
                item.source.rawValue,
                source.link,
                source.file,
                item.isPaused,
                item.media?.titleID,
                item.media?.kind.rawValue,
                episodes,
                item.indexer,
                item.quality,
                item.qualityScore,
                state,
                item.size,
                item.remaining,
                item.outputPath,
                item.added.milliseconds,
                item.started?.milliseconds,
                item.tracked.ended?.milliseconds,
                now.milliseconds,
                source.wishes
            )
        }
    }

    /// Writes what can change of the items.
    ///
    /// One that was deleted meanwhile stays deleted.
    ///
    /// - Parameter events: what the changes are told as.
    nonisolated(nonsending) func update(
        _ items: [QueueItem],
        announcing events: [NotificationEvent] = [],
        now: Date
    ) async throws {
        guard !items.isEmpty || !events.isEmpty else { return }
        try await database.write { connection in
            for item in items { try Self.update(item, now: now, connection) }
            try Self.announce(events, now: now, connection)
        }
    }

    static func update(_ item: QueueItem, now: Date, _ connection: Connection) throws {
        try connection.execute(
            """
            UPDATE queue SET client_id = ?, download_id = ?, info_hash = ?, protocol = ?, title = ?, title_id = ?,
                title_kind = ?, episode_ids = ?, quality = ?, quality_score = ?, state = ?, size = ?, remaining = ?, output_path = ?,
                started = ?, ended = ?, updated = ? WHERE id = ?
            """,
            item.clientID,
            item.downloadID,
            item.infoHash,
            item.downloadProtocol.rawValue,
            item.title,
            item.media?.titleID,
            item.media?.kind.rawValue,
            try encode(item.media?.episodeIDs ?? []),
            item.quality,
            item.qualityScore,
            try encode(item.tracked),
            item.size,
            item.remaining,
            item.outputPath,
            item.started?.milliseconds,
            item.tracked.ended?.milliseconds,
            now.milliseconds,
            item.id
        )
    }

    func downloadSource(of id: String) throws -> DownloadSource? {
        try database.read { connection in
            try connection.first("SELECT link, file, wishes FROM queue WHERE id = ?", id) { row in
                DownloadSource(
                    link: try row.optionalData("link"),
                    file: try row.optionalData("file"),
                    wishes: try row.optionalData("wishes")
                )
            }
        }
    }

    /// Writes that a client has taken an item: in place of `replaced`, and whatever removal of it was still wanted.
    ///
    /// - Parameter events: what that is told as.
    nonisolated(nonsending) func confirm(
        _ item: QueueItem,
        replacing replaced: [String],
        announcing events: [NotificationEvent],
        now: Date
    ) async throws {
        try await database.write { connection in
            for id in replaced { try connection.execute("DELETE FROM queue WHERE id = ?", id) }
            try connection.execute(
                "DELETE FROM removals WHERE client_id = ? AND download_id = ?",
                item.clientID,
                item.downloadID
            )
            try Self.update(item, now: now, connection)
            try Self.announce(events, now: now, connection)
        }
    }

    /// Writes an item, and the title that it is for now when that is new.
    nonisolated(nonsending) func update(_ item: QueueItem, adding newTitle: Title?, now: Date) async throws {
        try await database.write { connection in
            if let newTitle { try Self.insert(newTitle, connection) }
            try Self.update(item, now: now, connection)
        }
    }

    /// Removes items together with what their removal brings with it, all or nothing.
    ///
    /// - Parameter title: a title that was only made for them.
    nonisolated(nonsending) func deleteQueueItems(
        _ ids: [String],
        removal: Removal? = nil,
        blocking: BlockedRelease? = nil,
        title: String? = nil
    ) async throws {
        try await database.write { connection in
            for id in ids { try connection.execute("DELETE FROM queue WHERE id = ?", id) }
            if let title { try connection.execute("DELETE FROM titles WHERE id = ?", title) }
            if let blocking { try Self.insert(blocking, connection) }
            if let removal {
                try connection.execute(
                    """
                    INSERT INTO removals (id, client_id, download_id, delete_data, attempts, next_attempt)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                    removal.id,
                    removal.clientID,
                    removal.downloadID,
                    removal.deletesData,
                    removal.attempts,
                    removal.nextAttempt.milliseconds
                )
            }
        }
    }

    /// Writes an item and blocks its release, all or nothing.
    nonisolated(nonsending) func update(_ item: QueueItem, blocking: BlockedRelease?, now: Date) async throws {
        try await database.write { connection in
            try Self.update(item, now: now, connection)
            if let blocking { try Self.insert(blocking, connection) }
        }
    }

    private static func insert(_ release: BlockedRelease, _ connection: Connection) throws {
        try connection.execute(
            "INSERT INTO blocklist (id, info_hash, title, title_id, reason, created) VALUES (?, ?, ?, ?, ?, ?)",
            release.id,
            release.infoHash,
            release.title,
            release.titleID,
            release.reason,
            release.created.milliseconds
        )
    }

    /// The reason for which a release is blocked for a title, or `nil` when it is not.
    func blockReason(infoHash: String?, title: String, titleID: String?) throws -> String? {
        try database.read { connection in
            try connection.first(
                """
                SELECT reason FROM blocklist WHERE (info_hash = ? OR title = ?)
                AND (title_id IS NULL OR ? IS NULL OR title_id = ?) LIMIT 1
                """,
                infoHash,
                title,
                titleID,
                titleID
            ) { try $0.string("reason") }
        }
    }

    func removals() throws -> [Removal] {
        try database.read { connection in
            try connection.query("SELECT * FROM removals ORDER BY next_attempt") { row in
                Removal(
                    id: try row.string("id"),
                    clientID: try row.string("client_id"),
                    downloadID: try row.string("download_id"),
                    deletesData: try row.bool("delete_data"),
                    attempts: try row.int("attempts"),
                    nextAttempt: Date(milliseconds: try row.int64("next_attempt"))
                )
            }
        }
    }

    nonisolated(nonsending) func update(_ removal: Removal) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE removals SET attempts = ?, next_attempt = ? WHERE id = ?",
                removal.attempts,
                removal.nextAttempt.milliseconds,
                removal.id
            )
        }
    }

    nonisolated(nonsending) func deleteRemoval(_ id: String) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM removals WHERE id = ?", id)
        }
    }

    private static func queueItem(_ row: borrowing Row, clientName: (String) -> String) throws -> QueueItem {
        let clientID = try row.string("client_id")
        let downloadProtocol = DownloadProtocol(rawValue: try row.string("protocol")) ?? .torrent
        var item = QueueItem(
            id: try row.string("id"),
            clientID: clientID,
            clientName: clientName(clientID),
            downloadID: try row.optionalString("download_id"),
            infoHash: try row.optionalString("info_hash"),
            title: try row.string("title"),
            downloadProtocol: downloadProtocol,
            source: PluginManifest.Source(rawValue: try row.string("source")) ?? .url,
            category: try row.optionalString("category"),
            isPaused: try row.bool("paused"),
            quality: try row.string("quality"),
            qualityScore: try row.int("quality_score"),
            tracked: try decode(TrackedDownload.self, try row.string("state")),
            added: Date(milliseconds: try row.int64("added"))
        )
        if let titleID = try row.optionalString("title_id"), let text = try row.optionalString("title_kind"),
            let kind = Title.Kind(rawValue: text)
        {
            let episodes = try decode([String].self, try row.string("episode_ids"))
            item.media = QueueItem.Media(titleID: titleID, kind: kind, episodeIDs: episodes)
        }
        item.indexer = try row.optionalString("indexer")
        item.size = try row.int64("size")
        item.remaining = try row.int64("remaining")
        item.outputPath = try row.optionalString("output_path")
        item.started = try row.optionalInt64("started").map(Date.init(milliseconds:))
        return item
    }
}
