import FoundationEssentials
import SQLite

extension Store {
    /// All keys, revoked ones too, in the order in which they were made.
    func accessKeys() throws -> [AccessKey] {
        try database.read { connection in
            try connection.query("SELECT id, name, role, hash, created, revoked FROM access_keys ORDER BY created, id")
            {
                row in
                AccessKey(
                    id: try row.string("id"),
                    name: try row.string("name"),
                    role: Role(rawValue: try row.string("role")) ?? .user,
                    hash: Array(try row.data("hash")),
                    created: Date(milliseconds: try row.int64("created")),
                    revoked: try row.optionalInt64("revoked").map(Date.init(milliseconds:))
                )
            }
        }
    }

    func insert(_ key: AccessKey) throws {
        try database.writeSync { connection in
            try connection.execute(
                "INSERT INTO access_keys (id, name, role, hash, created) VALUES (?, ?, ?, ?, ?)",
                key.id,
                key.name,
                key.role.rawValue,
                Data(key.hash),
                key.created.milliseconds
            )
        }
    }

    /// Revokes the key `id`, which may be shortened as long as it names only one.
    ///
    /// - Returns: the number of keys that it named; only 1 means that one was revoked.
    func revokeKey(_ id: String, now: Date) throws -> Int {
        // Every id begins with nothing.
        guard !id.isEmpty else { return 0 }
        return try database.writeSync { connection in
            let ids = try connection.query(
                "SELECT id FROM access_keys WHERE revoked IS NULL AND (id = ? OR name = ? OR substr(id, 1, ?) = ?)",
                id,
                id,
                id.count,
                id
            ) { try $0.string("id") }
            guard ids.count == 1 else { return ids.count }
            try connection.execute("UPDATE access_keys SET revoked = ? WHERE id = ?", now.milliseconds, ids[0])
            return 1
        }
    }

    func sessions(now: Date) throws -> [Session] {
        try database.read { connection in
            try connection.query("SELECT hash, key_id, role, expires FROM sessions WHERE expires > ?", now.milliseconds)
            {
                row in
                Session(
                    hash: Array(try row.data("hash")),
                    caller: Caller(
                        role: Role(rawValue: try row.string("role")) ?? .user,
                        keyID: try row.string("key_id")
                    ),
                    expires: Date(milliseconds: try row.int64("expires"))
                )
            }
        }
    }

    func insert(_ session: Session, now: Date) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM sessions WHERE expires <= ?", now.milliseconds)
            try connection.execute(
                "INSERT INTO sessions (hash, key_id, role, expires) VALUES (?, ?, ?, ?)",
                Data(session.hash),
                session.caller.keyID,
                session.caller.role.rawValue,
                session.expires.milliseconds
            )
        }
    }

    func deleteSession(hash: [UInt8]) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM sessions WHERE hash = ?", Data(hash))
        }
    }
}
