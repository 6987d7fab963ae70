import FoundationEssentials
import HTTPServer

/// What is wrong with the server: `/api/problems`, and `/api/events` for those who follow it.
struct ProblemsAPI: Sendable {
    let health: HealthWatch
    let events: EventBroadcaster

    func register(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            "/api/problems",
            .admin,
            RouteDocument("System", "What is wrong, and what to do about it")
                .query(.init("dismissed", "boolean", "only dismissed problems, or only others"))
                .answers(200, "ProblemList"),
            list
        )
        for (method, summary) in [(HTTPMethod.post, "Dismiss a problem"), (.delete, "Show a dismissed problem again")] {
            routes.suspending(
                method,
                "/api/problems/:id/dismiss",
                .admin,
                RouteDocument("System", summary).answers(200, "Problem").fails(404)
            ) { request, _ in try await setDismissed(request.parameters["id"], method == .post) }
        }
        routes.immediate(
            .get,
            "/api/events",
            .admin,
            RouteDocument(
                "System",
                "Follow problems, plugins and instances as server-sent events; Last-Event-ID replays what was missed"
            ).answers(200, as: "text/event-stream"),
            subscribe
        )
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        var problems = await health.current().problems
        if let wanted = try request.query.decode({ $0.optionalBool("dismissed") }) {
            problems.removeAll { $0.isDismissed != wanted }
        }
        var writer = JSONWriter(reserving: 512 * problems.count + 2)
        writer.array(problems) { writer, problem in problem.write(to: &writer) }
        return .json(writer.bytes)
    }

    private func setDismissed(_ id: String, _ isDismissed: Bool) async throws -> HTTPResponse {
        guard let problem = try await health.setDismissed(id, isDismissed) else {
            throw HTTPError.notFound("There is no problem with the id \(id) any more.")
        }
        return .json(problem.json)
    }

    private func subscribe(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let last = request.headers["Last-Event-ID"] ?? request.query.first("lastEventId")
        return events.response(lastEventID: last.flatMap(UInt64.init), owner: caller.keyID)
    }
}
