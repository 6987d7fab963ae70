import FoundationEssentials
import PluginAPI
import SQLite

extension Store {
    /// Titles in the order in which they were added.
    func titles(kind: Title.Kind? = nil) throws -> [Title] {
        try database.read { connection in
            try connection.query(
                "SELECT * FROM titles WHERE ? IS NULL OR kind = ? ORDER BY added, id",
                kind?.rawValue,
                kind?.rawValue,
                map: Self.title
            )
        }
    }

    func title(_ id: String) throws -> Title? {
        try database.read { connection in
            try connection.first("SELECT * FROM titles WHERE id = ?", id, map: Self.title)
        }
    }

    /// The title of that kind, name and year, whatever the case of its letters.
    ///
    /// The name may be one that it had before a catalogue corrected it. A series without a year is the oldest of its
    /// name, since releases seldom tell the year.
    func title(kind: Title.Kind, named name: String, year: Int?) throws -> Title? {
        try database.read { connection in
            for column in ["title", "known_as"] {
                let title = try connection.first(
                    """
                    SELECT * FROM titles WHERE kind = ? AND \(column) = ? COLLATE NOCASE
                        AND (year IS ? OR (? IS NULL AND kind = ?)) ORDER BY added LIMIT 1
                    """,
                    kind.rawValue,
                    name,
                    year,
                    year,
                    Title.Kind.series.rawValue,
                    map: Self.title
                )
                if let title { return title }
            }
            return nil
        }
    }

    /// The title of that kind with the number `tmdbID` in the catalogue; the oldest, should there be several.
    func title(kind: Title.Kind, tmdbID: Int) throws -> Title? {
        try database.read { connection in
            try connection.first(
                "SELECT * FROM titles WHERE kind = ? AND tmdb_id = ? ORDER BY added, id LIMIT 1",
                kind.rawValue,
                tmdbID,
                map: Self.title
            )
        }
    }

    func insert(_ title: Title) async throws {
        try await database.write { connection in try Self.insert(title, connection) }
    }

    /// Inserts a title; one that is stored already stays as it is.
    static func insert(_ title: Title, _ connection: Connection) throws {
        try connection.execute(
            """
            INSERT OR IGNORE INTO titles (id, kind, title, year, tmdb_id, overview, poster_url, backdrop_url, runtime,
                genres, certification, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            title.id,
            title.kind.rawValue,
            title.title,
            title.year,
            title.tmdbID,
            title.overview,
            title.posterURL,
            title.backdropURL,
            title.runtime,
            try encode(title.genres),
            title.certification,
            title.added.milliseconds
        )
        try requestLookup(of: title, connection)
    }

    /// - Parameter events: what the deletion is told as.
    nonisolated(nonsending) func deleteTitle(
        _ id: String,
        announcing events: [NotificationEvent] = [],
        now: Date
    ) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM titles WHERE id = ?", id)
            try Self.announce(events, now: now, connection)
        }
    }

    func files(of titleID: String) throws -> [LibraryFile] {
        try database.read { connection in
            try connection.query(
                "SELECT * FROM files WHERE title_id = ? ORDER BY season, episode, added, id",
                titleID,
                map: Self.file
            )
        }
    }

    /// The files of all titles, those of a title together.
    func files() throws -> [LibraryFile] {
        try database.read { connection in
            try connection.query(
                "SELECT * FROM files ORDER BY title_id, season, episode, added, id",
                map: Self.file
            )
        }
    }

    /// The files at `paths`, and those that have a subtitle at one of them: subtitles lie beside their video.
    func files(at paths: [String]) throws -> [LibraryFile] {
        let wanted = Set(paths)
        let folders = Set(paths.map(FilePath.parent)).sorted()
        let near = try database.read { connection in
            try folders.flatMap { folder in
                // All paths that begin with the folder and "/" come before the folder and "0", the next character.
                try connection.query(
                    "SELECT * FROM files WHERE path > ? AND path < ?",
                    folder + "/",
                    folder + "0",
                    map: Self.file
                )
            }
        }
        return near.filter { wanted.contains($0.path) || !wanted.isDisjoint(with: $0.subtitles) }
    }

    /// Some of the paths of files inside a folder.
    func filePaths(inside folder: String, limit: Int) throws -> [String] {
        try database.read { connection in
            try connection.query(
                "SELECT path FROM files WHERE path > ? AND path < ? LIMIT ?",
                folder + "/",
                folder + "0",
                limit
            ) { try $0.string("path") }
        }
    }

    /// The device on which a folder of the library was at the last import into it; `nil` before the first.
    func device(ofLibraryFolder path: String) throws -> UInt64? {
        try database.read { connection in
            try connection.first("SELECT device FROM library_folders WHERE path = ?", path) {
                UInt64(bitPattern: try $0.int64("device"))
            }
        }
    }

    func setDevice(_ device: UInt64, ofLibraryFolder path: String) async throws {
        try await database.write { connection in
            try connection.execute(
                "INSERT OR REPLACE INTO library_folders (path, device) VALUES (?, ?)",
                path,
                Int64(bitPattern: device)
            )
        }
    }

    /// Writes what an import has brought, marks its journal, and keeps the queue item, all or nothing.
    ///
    /// A file at the same path takes the place of the row that was there. Older imports of the item that could not be
    /// forgotten in their time are forgotten now, lest the next start takes back what is recorded here.
    ///
    /// - Parameter events: what the import is told as.
    nonisolated(nonsending) func record(
        _ imported: ImportedDownload,
        item: QueueItem,
        announcing events: [NotificationEvent] = [],
        now: Date
    ) async throws {
        try await database.write { connection in
            try Self.insert(imported.title, connection)
            for path in imported.replaced { try connection.execute("DELETE FROM files WHERE path = ?", path) }
            for file in imported.files {
                try connection.execute("DELETE FROM files WHERE path = ?", file.path)
                try connection.execute(
                    """
                    INSERT INTO files (id, title_id, season, episode, path, size, quality, subtitles, queue_id, added)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    file.id,
                    file.titleID,
                    file.season,
                    file.episode,
                    file.path,
                    file.size,
                    file.quality,
                    try Self.encode(file.subtitles),
                    file.queueID,
                    file.added.milliseconds
                )
            }
            try Self.markRecorded(imported.importID, connection)
            try Self.endImports(of: item.id, except: imported.importID, connection)
            try Self.update(item, now: now, connection)
            try Self.announce(events, now: now, connection)
        }
    }

    private static func title(_ row: borrowing Row) throws -> Title {
        Title(
            id: try row.string("id"),
            kind: Title.Kind(rawValue: try row.string("kind")) ?? .movie,
            title: try row.string("title"),
            year: try row.optionalInt("year"),
            tmdbID: try row.optionalInt("tmdb_id"),
            overview: try row.optionalString("overview"),
            posterURL: try row.optionalString("poster_url"),
            backdropURL: try row.optionalString("backdrop_url"),
            runtime: try row.optionalInt("runtime"),
            genres: try decode([String].self, try row.string("genres")),
            certification: try row.optionalString("certification"),
            added: Date(milliseconds: try row.int64("added"))
        )
    }

    private static func file(_ row: borrowing Row) throws -> LibraryFile {
        LibraryFile(
            id: try row.string("id"),
            titleID: try row.string("title_id"),
            season: try row.optionalInt("season"),
            episode: try row.optionalInt("episode"),
            path: try row.string("path"),
            size: try row.int64("size"),
            quality: try row.string("quality"),
            subtitles: try decode([String].self, try row.string("subtitles")),
            queueID: try row.optionalString("queue_id"),
            added: Date(milliseconds: try row.int64("added"))
        )
    }
}
