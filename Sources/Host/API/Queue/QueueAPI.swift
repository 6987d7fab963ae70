import FoundationEssentials
import HTTPServer
import PluginAPI

/// The queue's API (seed 000): everything under `/api/queue`.
struct QueueAPI: Sendable {
    let queue: DownloadQueue
    let index: QueueIndex
    let events: EventBroadcaster
    let grab: ReleaseGrab
    /// Whether the queue can be read without a key.
    let isPublic: Bool

    static let largestUpload = 32 << 20

    func register(in routes: inout RouteTable) {
        let reader: Role = isPublic ? .anonymous : .user
        routes.immediate(.get, "/api/queue", reader, Self.listDocument, list)
        routes.suspending(.post, "/api/queue", .admin, Self.addDocument, maxBody: Self.largestUpload, add)
        routes.suspending(.post, "/api/queue/inspect", .admin, Self.inspectDocument, inspect)
        routes.suspending(.post, "/api/queue/cleanup", .admin, Self.cleanupDocument, cleanUp)
        routes.immediate(
            .get,
            "/api/queue/events",
            reader,
            RouteDocument("Queue", "Follow the queue as server-sent events; Last-Event-ID replays what was missed")
                .answers(200, as: "text/event-stream"),
            subscribe
        )
        routes.immediate(
            .get,
            "/api/queue/:id",
            reader,
            RouteDocument("Queue", "One queue item").answers(200, "QueueItem").fails(404),
            show
        )
        routes.suspending(.delete, "/api/queue/:id", .admin, Self.removeDocument, remove)
        routes.suspending(
            .post,
            "/api/queue/:id/retry",
            .admin,
            RouteDocument("Queue", "Try a failed item again").answers(200, "Message").fails(404, 409),
            retry
        )
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let query = request.query
        let status = try query.decode { $0.optionalOneOf("status", QueueStatus.Status.self) }
        let page = max(1, try query.int("page", default: 1))
        let limit = min(max(1, try query.int("limit", default: 20)), 100)
        let filter = QueueIndex.Filter(
            status: status,
            movieID: query.first("movieId"),
            seriesID: query.first("seriesId"),
            includesHidden: try query.bool("includeImported", default: status == .completed)
        )
        return .json(index.page(filter, page: page, limit: limit, isPrivate: caller.role > .anonymous))
    }

    private func show(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let id = request.parameters["id"]
        guard let json = index.item(id, isPrivate: caller.role > .anonymous) else { throw QueueError.noSuchItem(id) }
        return .json(json)
    }

    private func subscribe(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let last = request.headers["Last-Event-ID"] ?? request.query.first("lastEventId")
        return events.response(lastEventID: last.flatMap(UInt64.init), owner: caller.keyID)
    }

    private func add(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let outcome = try await queue.add(try await AddToQueueBody.read(from: request).downloadRequest(grab))
        // The item as it is by now: a poll may have come in between.
        let json =
            index.item(outcome.item.id, isPrivate: true)
            ?? outcome.item.rendering(outcome.item.status(at: outcome.item.added), at: outcome.item.added).json(
                isPrivate: true
            )
        return .json(Self.naming(outcome.others, in: json), status: outcome.existed ? .ok : .created)
    }

    private func remove(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        var options = DownloadQueue.RemovalOptions()
        options.removesFromClient = try request.query.bool("removeFromClient", default: true)
        options.blocks = try request.query.bool("blocklist", default: false)
        if request.query.first("deleteFiles") != nil {
            options.deletesFiles = try request.query.bool("deleteFiles", default: false)
        }
        try await queue.remove(request.parameters["id"], options)
        return .empty(.noContent)
    }

    private func retry(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        try await queue.retry(request.parameters["id"])
        return .message("The download is tried again.")
    }

    private func cleanUp(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        struct Body: Decodable {
            var removeCompleted: Bool?
            var removeFailed: Bool?
        }
        let body = request.body.isEmpty ? Body() : try request.decodeJSON(Body.self)
        let count = try await queue.cleanUp(completed: body.removeCompleted ?? true, failed: body.removeFailed ?? true)
        return .json(
            JSONWriter.object { writer in
                writer.member("success", true)
                writer.member("removedCount", count)
                writer.member(
                    "message",
                    count == 1 ? "Removed 1 item from the queue." : "Removed \(count) items from the queue."
                )
            }
        )
    }
}

extension HTTPResponse {
    /// A success in words: `{"success":true,"message":"..."}`.
    static func message(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        .json(
            JSONWriter.object { writer in
                writer.member("success", true)
                writer.member("message", text)
            },
            status: status
        )
    }
}
