import FoundationEssentials
import HTTPServer
import PluginAPI

/// What notifiers were told and are to be told: `/api/notifications`.
struct NotificationsAPI: Sendable {
    let store: Store
    let registry: Registry
    let courier: NotificationCourier

    private static let group = "Notifiers"

    func register(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            "/api/notifications",
            .admin,
            RouteDocument(Self.group, "What notifiers were told lately and what waits, the newest first")
                .query(
                    .init("status", "string", "waiting, delivered or failed"),
                    .init("notifierId", "string", "only those of one notifier"),
                    .init("page", "integer", "counts from 1"),
                    .init("limit", "integer", "1 to 100, 20 by default")
                )
                .answers(200, "NotificationPage"),
            list
        )
        routes.suspending(
            .get,
            "/api/notifications/:id",
            .admin,
            RouteDocument(Self.group, "One notification, with its event").answers(200, "Notification").fails(404),
            show
        )
        routes.suspending(
            .post,
            "/api/notifications/:id/retry",
            .admin,
            RouteDocument(Self.group, "Send a notification now, also one that was given up").answers(
                200,
                "Notification"
            )
            .fails(404, 409),
            retry
        )
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let query = request.query
        let state = try query.decode { $0.optionalOneOf("status", Notification.State.self) }
        let page = min(max(1, try query.int("page", default: 1)), 1_000_000)
        let limit = min(max(1, try query.int("limit", default: 20)), 100)
        let found = try store.notifications(state, of: query.first("notifierId"), page: page, limit: limit)
        let instances = await registry.instances(of: .notifier)
        var writer = JSONWriter(reserving: 1024 * found.notifications.count + 64)
        writer.object { writer in
            writer.key("items")
            writer.array(found.notifications) { writer, notification in
                notification.write(to: &writer, of: instances.first { $0.id == notification.notifierID })
            }
            writer.member("totalRecords", found.total)
            writer.member("page", page)
            writer.member("pageSize", limit)
        }
        return .json(writer.bytes)
    }

    private func show(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        await respond(try find(request))
    }

    private func retry(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let notification = try find(request)
        guard notification.state != .delivered else {
            throw HTTPError(.conflict, code: "CONFLICT", "This notification was delivered; there is nothing to retry.")
        }
        try await courier.retry(notification)
        return await respond(try find(request))
    }

    private func find(_ request: HTTPRequest) throws -> Notification {
        let id = request.parameters["id"]
        guard let notification = try store.notification(id) else {
            throw HTTPError.notFound("There is no notification with the id \(id) any more.")
        }
        return notification
    }

    private func respond(_ notification: Notification) async -> HTTPResponse {
        var writer = JSONWriter(reserving: 1024)
        notification.write(to: &writer, of: await registry.instance(notification.notifierID))
        return .json(writer.bytes)
    }
}

extension Notification {
    /// - Parameter notifier: the one that it goes to.
    fileprivate func write(to writer: inout JSONWriter, of notifier: Instance?) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("status", state.rawValue)
            writer.member("notifierId", notifierID)
            writer.member("notifier", notifier?.name)
            writer.member("attempts", attempts)
            writer.member("code", code)
            writer.member("reason", reason)
            writer.member("nextAttempt", state == .waiting ? notifier?.health.nextAttempt : nil)
            writer.member("expires", state == .waiting ? expires : nil)
            writer.member("created", created)
            writer.member("ended", ended)
            writer.key("event")
            writer.object { writer in
                writer.member("id", event.id)
                writer.member("kind", event.kind.text)
                writer.member("time", event.time)
                writer.member("title", event.title)
                writer.member("message", event.message)
                writer.member("details", json: .object(event.details))
            }
        }
    }
}
