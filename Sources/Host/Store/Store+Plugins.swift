import FoundationEssentials
import SQLite

extension Store {
    /// A value that a plugin's instance has stored.
    func pluginValue(instance: String, key: String) throws -> Data? {
        try database.read { connection in
            try connection.first(
                "SELECT value FROM plugin_values WHERE instance_id = ? AND key = ?",
                instance,
                key
            ) { try $0.data("value") }
        }
    }

    /// Stores a value of a plugin's instance; `nil` removes it.
    ///
    /// - Returns: `false`, with nothing changed, when the instance would keep more than `quota` allows.
    /// - Throws: `SQLiteError` that `isForeignKey` when there is no such instance.
    func setPluginValue(
        _ value: Data?,
        instance: String,
        key: String,
        within quota: ValueQuota
    ) async throws -> Bool {
        try await database.write { connection in
            guard let value else {
                try connection.execute("DELETE FROM plugin_values WHERE instance_id = ? AND key = ?", instance, key)
                return true
            }
            let others = try connection.first(
                "SELECT count(*), coalesce(sum(length(value)), 0) FROM plugin_values WHERE instance_id = ? AND key <> ?",
                instance,
                key
            ) { (count: try $0.int(0), bytes: try $0.int(1)) }
            guard let others, others.count < quota.values, others.bytes + value.count <= quota.bytes else {
                return false
            }
            try connection.execute(
                """
                INSERT INTO plugin_values (instance_id, key, value) VALUES (?, ?, ?)
                ON CONFLICT (instance_id, key) DO UPDATE SET value = excluded.value
                """,
                instance,
                key,
                value
            )
            return true
        }
    }

    /// Takes `count` numbers out of a series that never repeats, not even after a crash.
    ///
    /// - Returns: the first of them.
    func reserve(_ count: Int64, of series: String) throws -> Int64 {
        try database.writeSync { connection in
            try connection.first(
                """
                INSERT INTO counters (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value
                """,
                series,
                count
            ) { try $0.int64("value") - count + 1 } ?? 1
        }
    }
}
