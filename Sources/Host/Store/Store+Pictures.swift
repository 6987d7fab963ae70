import FoundationEssentials
import SQLite

/// Where pictures are, and which of them were fetched.
extension Store {
    func picture(_ id: String) throws -> Picture? {
        try database.read { connection in
            try connection.first("SELECT * FROM pictures WHERE id = ?", id) { row in
                Picture(
                    id: id,
                    url: try row.string("url"),
                    instanceID: try row.optionalString("instance_id"),
                    content: try Self.content(row),
                    used: try row.optionalInt64("used").map(Date.init(milliseconds:))
                )
            }
        }
    }

    private static func content(_ row: borrowing Row) throws -> Picture.Content? {
        guard let hash = try row.optionalString("content"), let type = try row.optionalString("type") else {
            return nil
        }
        return Picture.Content(
            hash: hash,
            type: type,
            size: try row.optionalInt64("size") ?? 0,
            etag: try row.optionalString("etag"),
            expires: Date(milliseconds: try row.optionalInt64("expires") ?? 0)
        )
    }

    /// Keeps what was fetched of a picture; one that was forgotten meanwhile stays so.
    func keep(_ content: Picture.Content, of id: String, used: Date) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE pictures SET content = ?, type = ?, size = ?, etag = ?, expires = ?, used = ? WHERE id = ?",
                content.hash,
                content.type,
                content.size,
                content.etag,
                content.expires.milliseconds,
                used.milliseconds,
                id
            )
        }
    }

    func setUsed(_ id: String, at time: Date) async throws {
        try await database.write { connection in
            try connection.execute("UPDATE pictures SET used = ? WHERE id = ?", time.milliseconds, id)
        }
    }

    /// The contents that some picture has.
    func pictureContents() throws -> Set<String> {
        try database.read { connection in
            Set(
                try connection.query("SELECT DISTINCT content FROM pictures WHERE content IS NOT NULL") {
                    try $0.string("content")
                }
            )
        }
    }

    /// Forgets the contents that were not used for the longest time, until those that are left take `limit` bytes.
    ///
    /// - Returns: the contents that no picture has any more.
    func dropPictures(beyond limit: Int) async throws -> [String] {
        try await database.write { connection in
            let all = try connection.first("SELECT total(size) AS bytes FROM pictures WHERE content IS NOT NULL") {
                try $0.double("bytes")
            }
            guard let all, all > Double(limit) else { return [] }
            let dropped = try connection.query(
                """
                SELECT id, content FROM (
                    SELECT id, content, sum(size) OVER (ORDER BY used DESC, id) AS bytes FROM pictures
                    WHERE content IS NOT NULL
                ) WHERE bytes > ?
                """,
                limit
            ) { row in (try row.string("id"), try row.string("content")) }
            for (id, _) in dropped {
                try connection.execute("UPDATE pictures SET content = NULL, etag = NULL, used = NULL WHERE id = ?", id)
            }
            return try Set(dropped.map(\.1)).filter { content in
                try connection.first("SELECT 1 AS used FROM pictures WHERE content = ?", content) { _ in true } == nil
            }
        }
    }
}
