import FoundationEssentials
import PluginAPI
import SQLite

/// The outbox: what notifiers are to be told, and what they were told lately.
extension Store {
    /// The most events that wait for one notifier; the oldest are given up for newer ones.
    static let mostWaitingNotifications = 1000
    /// The most notifications that are kept after they were delivered, and of those that were given up.
    static let mostEndedNotifications = 500

    /// Writes events down for every notifier that is switched on.
    nonisolated(nonsending) func announce(_ events: [NotificationEvent], now: Date) async throws {
        guard !events.isEmpty else { return }
        try await database.write { connection in try Self.announce(events, now: now, connection) }
    }

    /// As above, in a transaction with the change that the events tell of.
    static func announce(_ events: [NotificationEvent], now: Date, _ connection: Connection) throws {
        guard !events.isEmpty else { return }
        let notifiers = try connection.query(
            "SELECT id FROM instances WHERE kind = ? AND enabled = 1 ORDER BY priority, name",
            PluginManifest.Kind.notifier.rawValue
        ) { try $0.string("id") }
        guard !notifiers.isEmpty else { return }
        let expires = now.addingTimeInterval(Notification.lifetime)
        for event in events {
            let json = try encode(event)
            for id in notifiers {
                try connection.execute(
                    """
                    INSERT INTO notifications (notifier_id, event_id, event, state, expires, created)
                    VALUES (?, ?, ?, 'waiting', ?, ?)
                    """,
                    id,
                    event.id,
                    json,
                    expires.milliseconds,
                    now.milliseconds
                )
            }
        }
        for id in notifiers { try giveUpOldest(of: id, now: now, connection) }
    }

    private static func giveUpOldest(of notifierID: String, now: Date, _ connection: Connection) throws {
        try connection.execute(
            """
            UPDATE notifications SET state = 'failed', code = 'outbox_full', reason = ?, ended = ?
            WHERE state = 'waiting' AND notifier_id = ? AND number <= (
                SELECT number FROM notifications WHERE state = 'waiting' AND notifier_id = ?
                ORDER BY number DESC LIMIT 1 OFFSET ?)
            """,
            "More than \(mostWaitingNotifications) newer events wait for this notifier.",
            now.milliseconds,
            notifierID,
            notifierID,
            mostWaitingNotifications
        )
    }

    /// The event that a notifier has to be sent next.
    func nextNotification(of notifierID: String) throws -> Notification? {
        try database.read { connection in
            try connection.first(
                "SELECT * FROM notifications WHERE state = 'waiting' AND notifier_id = ? ORDER BY number LIMIT 1",
                notifierID,
                map: Self.notification
            )
        }
    }

    func notification(_ id: String) throws -> Notification? {
        guard let number = Int(id) else { return nil }
        return try database.read { connection in
            try connection.first("SELECT * FROM notifications WHERE number = ?", number, map: Self.notification)
        }
    }

    /// A page of the notifications, the newest first, and how many there are.
    ///
    /// - Parameter page: counts from 1.
    func notifications(
        _ state: Notification.State?,
        of notifierID: String?,
        page: Int,
        limit: Int
    ) throws -> (notifications: [Notification], total: Int) {
        let condition = "(?1 IS NULL OR state = ?1) AND (?2 IS NULL OR notifier_id = ?2)"
        return try database.read { connection in
            let total = try connection.first(
                "SELECT count(*) FROM notifications WHERE \(condition)",
                state?.rawValue,
                notifierID
            ) { try $0.int(0) }
            let page = try connection.query(
                "SELECT * FROM notifications WHERE \(condition) ORDER BY number DESC LIMIT ?3 OFFSET ?4",
                state?.rawValue,
                notifierID,
                limit,
                (page - 1) * limit,
                map: Self.notification
            )
            return (page, total ?? 0)
        }
    }

    /// Drops an event that its notifier does not want.
    nonisolated(nonsending) func dropNotification(_ number: Int) async throws {
        try await database.write { try $0.execute("DELETE FROM notifications WHERE number = ?", number) }
    }

    nonisolated(nonsending) func markDelivered(_ number: Int, now: Date) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE notifications SET state = 'delivered', attempts = attempts + 1, code = NULL, reason = NULL,
                    ended = ? WHERE number = ?
                """,
                now.milliseconds,
                number
            )
            try Self.forgetOldest(.delivered, connection)
        }
    }

    /// Writes down that an attempt has failed.
    ///
    /// - Parameter isFinal: whether there is no other one.
    nonisolated(nonsending) func markFailed(
        _ number: Int,
        _ error: PluginError,
        isFinal: Bool,
        now: Date
    ) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE notifications SET attempts = attempts + 1, code = ?, reason = ?,
                    state = CASE WHEN ? THEN 'failed' ELSE state END, ended = CASE WHEN ? THEN ? ELSE ended END
                WHERE number = ?
                """,
                error.code.text,
                error.message,
                isFinal,
                isFinal,
                now.milliseconds,
                number
            )
            try Self.forgetOldest(.failed, connection)
        }
    }

    /// Gives up what has waited too long, for the reason that its last attempt has failed for.
    nonisolated(nonsending) func giveUpNotifications(olderThan now: Date) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE notifications SET state = 'failed', ended = ?, code = coalesce(code, 'expired'),
                    reason = coalesce(reason, 'It could not be sent within a day: the notifier or its plugin was switched off.')
                WHERE state = 'waiting' AND expires <= ?
                """,
                now.milliseconds,
                now.milliseconds
            )
            try Self.forgetOldest(.failed, connection)
        }
    }

    /// Has a notification that was given up sent after all.
    nonisolated(nonsending) func retryNotification(_ number: Int, now: Date) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE notifications SET state = 'waiting', expires = ?, ended = NULL WHERE number = ? AND state = 'failed'",
                now.addingTimeInterval(Notification.lifetime).milliseconds,
                number
            )
        }
    }

    /// For each notifier with events that were given up.
    func lostEvents() throws -> [LostEvents] {
        try database.read { connection in
            try connection.query(
                """
                SELECT notifier_id, count(*) AS lost, max(ended) AS last, reason FROM notifications
                WHERE state = 'failed' GROUP BY notifier_id ORDER BY notifier_id
                """
            ) { row in
                LostEvents(
                    notifierID: try row.string("notifier_id"),
                    count: try row.int("lost"),
                    reason: try row.optionalString("reason") ?? "",
                    last: Date(milliseconds: try row.optionalInt64("last") ?? 0)
                )
            }
        }
    }

    private static func forgetOldest(_ state: Notification.State, _ connection: Connection) throws {
        try connection.execute(
            """
            DELETE FROM notifications WHERE state = ? AND number <= (
                SELECT number FROM notifications WHERE state = ? ORDER BY number DESC LIMIT 1 OFFSET ?)
            """,
            state.rawValue,
            state.rawValue,
            mostEndedNotifications
        )
    }

    private static func notification(_ row: borrowing Row) throws -> Notification {
        Notification(
            number: try row.int("number"),
            notifierID: try row.string("notifier_id"),
            event: try decode(NotificationEvent.self, try row.string("event")),
            state: Notification.State(rawValue: try row.string("state")) ?? .failed,
            attempts: try row.int("attempts"),
            code: try row.optionalString("code"),
            reason: try row.optionalString("reason"),
            expires: Date(milliseconds: try row.int64("expires")),
            created: Date(milliseconds: try row.int64("created")),
            ended: try row.optionalInt64("ended").map(Date.init(milliseconds:))
        )
    }
}
