import FoundationEssentials
import PluginAPI
import SQLite

extension Store {
    /// Stores how well an instance does; nothing when there is no such instance any more.
    nonisolated(nonsending) func saveHealth(_ health: InstanceHealth, of id: String) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE instances SET failures = ?, next_attempt = ?, failure = ?, failure_code = ?, failure_count = ?,
                    failing_since = ?, last_success = ?
                WHERE id = ?
                """,
                health.step,
                health.nextAttempt?.milliseconds,
                health.message,
                health.code,
                health.failures,
                health.since?.milliseconds,
                health.lastSuccess?.milliseconds,
                id
            )
        }
    }

    /// Stores when instances, by their ids, worked for the last time.
    nonisolated(nonsending) func saveLastSuccesses(_ times: [String: Date]) async throws {
        guard !times.isEmpty else { return }
        try await database.write { connection in
            for (id, time) in times {
                try connection.execute("UPDATE instances SET last_success = ? WHERE id = ?", time.milliseconds, id)
            }
        }
    }

    /// What is known of the problems that there were.
    func problems() throws -> [ProblemList.Record] {
        try database.read { connection in
            try connection.query("SELECT id, code, state, since, dismissed FROM problems ORDER BY id") { row in
                ProblemList.Record(
                    id: try row.string("id"),
                    code: try row.string("code"),
                    state: try row.string("state"),
                    since: Date(milliseconds: try row.int64("since")),
                    dismissed: try row.optionalInt64("dismissed").map(Date.init(milliseconds:))
                )
            }
        }
    }

    /// Stores all that is known of problems in place of what was stored.
    ///
    /// - Parameter events: what the change is told as.
    nonisolated(nonsending) func replaceProblems(
        with records: [ProblemList.Record],
        announcing events: [NotificationEvent] = [],
        now: Date
    ) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM problems")
            for record in records {
                try connection.execute(
                    "INSERT INTO problems (id, code, state, since, dismissed) VALUES (?, ?, ?, ?, ?)",
                    record.id,
                    record.code,
                    record.state,
                    record.since.milliseconds,
                    record.dismissed?.milliseconds
                )
            }
            try Self.announce(events, now: now, connection)
        }
    }
}
