import FoundationEssentials
import PluginAPI
import SQLite

/// What catalogues have answered.
extension Store {
    /// An answer of one instance to one question.
    struct MetadataAnswer: Sendable {
        /// The answer as JSON; `nil` when there is no such title.
        var body: Data?
        var expires: Date
    }

    /// An answer that an instance has given with the settings that it has now.
    ///
    /// - Parameter settings: when the settings were last changed.
    func metadataAnswer(to question: String, of instanceID: String, settings: Date) throws -> MetadataAnswer? {
        try database.read { connection in
            try connection.first(
                """
                SELECT body, expires FROM metadata_answers
                WHERE instance_id = ? AND question = ? AND settings = ?
                """,
                instanceID,
                question,
                settings.milliseconds
            ) { row in
                MetadataAnswer(
                    body: try row.optionalData("body"),
                    expires: Date(milliseconds: try row.int64("expires"))
                )
            }
        }
    }

    /// Keeps an answer, and the addresses of the pictures in it, so that they can be fetched later.
    ///
    /// An instance that was deleted meanwhile is not asked any more, so its answer is dropped.
    func keep(
        _ answer: MetadataAnswer,
        to question: String,
        of instance: Instance,
        pictures: [String],
        now: Date
    ) async throws {
        let (id, settings) = (instance.id, instance.updated.milliseconds)
        let ids = pictures.map { (PictureID($0).text, $0) }
        try await database.write { connection in
            let isThere = try connection.first("SELECT 1 AS there FROM instances WHERE id = ?", id) { _ in true }
            guard isThere == true else { return }
            try connection.execute(
                """
                INSERT OR REPLACE INTO metadata_answers (instance_id, question, settings, body, size, fetched, expires)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                id,
                question,
                settings,
                answer.body,
                answer.body?.count ?? 0,
                now.milliseconds,
                answer.expires.milliseconds
            )
            for (picture, url) in ids {
                try connection.execute(
                    """
                    INSERT INTO pictures (id, url, instance_id, named) VALUES (?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET instance_id = excluded.instance_id, named = excluded.named
                    """,
                    picture,
                    url,
                    id,
                    now.milliseconds
                )
            }
        }
    }

    /// Forgets the oldest answers beyond `count` or `bytes`, and the oldest addresses of pictures beyond `pictures` that
    /// were never fetched and that no title shows.
    ///
    /// An answer whose pictures are forgotten goes too: asked for anew, it names them again.
    func trimMetadata(count: Int, bytes: Int, pictures: Int) async throws {
        try await database.write { connection in
            let cut = try connection.first(
                "SELECT named FROM pictures WHERE content IS NULL ORDER BY named DESC LIMIT 1 OFFSET ?",
                pictures
            ) { try $0.int64("named") }
            if let cut { try Self.forgetPictures(namedUntil: cut, connection) }
            try connection.execute(
                """
                DELETE FROM metadata_answers WHERE fetched <= ? OR rowid IN (
                    SELECT rowid FROM (
                        SELECT rowid, row_number() OVER age AS number, sum(size) OVER age AS bytes
                        FROM metadata_answers WINDOW age AS (ORDER BY fetched DESC, rowid)
                    ) WHERE number > ? OR bytes > ?
                )
                """,
                cut ?? -1,
                count,
                bytes
            )
        }
    }

    private static func forgetPictures(namedUntil time: Int64, _ connection: Connection) throws {
        let shown = try ["poster_url", "backdrop_url"].flatMap { column in
            try connection.query("SELECT \(column) AS url FROM titles WHERE \(column) LIKE ?", PictureID.path + "%") {
                String(try $0.string("url").dropFirst(PictureID.path.count))
            }
        }
        let old = try connection.query("SELECT id FROM pictures WHERE content IS NULL AND named <= ?", time) {
            try $0.string("id")
        }
        for id in Set(old).subtracting(shown) { try connection.execute("DELETE FROM pictures WHERE id = ?", id) }
    }
}
