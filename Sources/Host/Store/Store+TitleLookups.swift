import FoundationEssentials
import SQLite

/// The titles that a catalogue has not been asked for yet.
extension Store {
    /// A title that waits for its data.
    struct TitleLookup: Sendable {
        let titleID: String
        /// Whether the title's name was read out of the name of a release.
        let isNameGuessed: Bool
        let attempts: Int
    }

    /// Remembers that a catalogue is to be asked for a title that was inserted by the statement before.
    static func requestLookup(of title: Title, _ connection: Connection) throws {
        try connection.execute(
            """
            INSERT OR IGNORE INTO title_lookups (title_id, name_guessed, attempts, next_attempt)
            SELECT ?, ?, 0, ? WHERE changes() > 0
            """,
            title.id,
            title.isNameGuessed,
            title.added.milliseconds
        )
    }

    /// The lookups whose time has come, the longest waiting first.
    func dueLookups(at now: Date, limit: Int) throws -> [TitleLookup] {
        try database.read { connection in
            try connection.query(
                """
                SELECT title_id, name_guessed, attempts FROM title_lookups WHERE next_attempt <= ?
                ORDER BY next_attempt LIMIT ?
                """,
                now.milliseconds,
                limit
            ) { row in
                TitleLookup(
                    titleID: try row.string("title_id"),
                    isNameGuessed: try row.bool("name_guessed"),
                    attempts: try row.int("attempts")
                )
            }
        }
    }

    func postponeLookup(of titleID: String, attempts: Int, until time: Date) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE title_lookups SET attempts = ?, next_attempt = ? WHERE title_id = ?",
                attempts,
                time.milliseconds,
                titleID
            )
        }
    }

    /// Ends the lookup of a title and adds what was found, where the title has nothing of its own.
    ///
    /// The name changes only when it was guessed, and never that of a series with files: seasons to come belong into the
    /// folder that these are in. Under its former name the title is still found.
    ///
    /// - Parameter found: `nil` when no catalogue has the title.
    func endLookup(_ lookup: TitleLookup, with found: Title?) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM title_lookups WHERE title_id = ?", lookup.titleID)
            guard let found else { return }
            if lookup.isNameGuessed { try Self.rename(lookup.titleID, found.title, connection) }
            try connection.execute(
                """
                UPDATE titles SET year = COALESCE(year, ?), tmdb_id = COALESCE(tmdb_id, ?),
                    overview = COALESCE(overview, ?), poster_url = COALESCE(poster_url, ?),
                    backdrop_url = COALESCE(backdrop_url, ?), runtime = COALESCE(runtime, ?),
                    certification = COALESCE(certification, ?),
                    genres = CASE WHEN genres = '[]' THEN ? ELSE genres END
                WHERE id = ?
                """,
                found.year,
                found.tmdbID,
                found.overview,
                found.posterURL,
                found.backdropURL,
                found.runtime,
                found.certification,
                try Self.encode(found.genres),
                lookup.titleID
            )
        }
    }

    private static func rename(_ id: String, _ name: String, _ connection: Connection) throws {
        try connection.execute(
            """
            UPDATE titles SET known_as = title, title = ? WHERE id = ? AND title <> ?
                AND (kind <> ? OR NOT EXISTS (SELECT 1 FROM files WHERE title_id = titles.id))
            """,
            name,
            id,
            name,
            Title.Kind.series.rawValue
        )
    }
}
