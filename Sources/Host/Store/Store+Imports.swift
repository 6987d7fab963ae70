import SQLite

/// The journal of imports in flight, one row for each file.
extension Store: ImportJournal {
    func begin(_ entries: [ImportEntry]) async throws {
        let rows = try entries.map { (Self.rowID($0), $0.queueItemID, try Self.encode($0)) }
        try await database.write { connection in
            for (id, queueID, entry) in rows {
                try connection.execute("INSERT INTO imports (id, queue_id, entry) VALUES (?, ?, ?)", id, queueID, entry)
            }
        }
    }

    func markRecorded(_ importID: String) async throws {
        try await database.write { connection in try Self.markRecorded(importID, connection) }
    }

    func end(_ importID: String) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM imports WHERE id GLOB ?", Self.rows(of: importID))
        }
    }

    func entries() async throws -> [ImportEntry] {
        try database.read { connection in
            try connection.query("SELECT entry FROM imports ORDER BY id") {
                try Self.decode(ImportEntry.self, try $0.string("entry"))
            }
        }
    }

    func entries(of queueItemID: String) async throws -> [ImportEntry] {
        try database.read { connection in
            try connection.query("SELECT entry FROM imports WHERE queue_id = ? ORDER BY id", queueItemID) {
                try Self.decode(ImportEntry.self, try $0.string("entry"))
            }
        }
    }

    func recordedFiles(at paths: [String]) async throws -> [LibraryFile] {
        try files(at: paths)
    }

    /// Forgets all imports of a queue item but one.
    static func endImports(of queueID: String, except importID: String, _ connection: Connection) throws {
        try connection.execute(
            "DELETE FROM imports WHERE queue_id = ? AND id NOT GLOB ?",
            queueID,
            rows(of: importID)
        )
    }

    static func markRecorded(_ importID: String, _ connection: Connection) throws {
        let rows = try connection.query("SELECT id, entry FROM imports WHERE id GLOB ?", rows(of: importID)) {
            (try $0.string("id"), try decode(ImportEntry.self, try $0.string("entry")))
        }
        for (id, var entry) in rows {
            entry.isRecorded = true
            try connection.execute("UPDATE imports SET entry = ? WHERE id = ?", try encode(entry), id)
        }
    }

    /// Ids are UUIDs, so nothing in them has a meaning to GLOB; the padded index keeps the order.
    private static func rowID(_ entry: ImportEntry) -> String {
        let index = String(entry.index)
        return "\(entry.importID)/\(String(repeating: "0", count: max(0, 6 - index.count)))\(index)"
    }

    private static func rows(of importID: String) -> String { importID + "/*" }
}
