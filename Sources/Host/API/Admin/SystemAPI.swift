import FoundationEssentials
import HTTPServer
import PluginAPI
import PluginHosting

/// Health, metrics and sessions: what is asked of the server itself.
struct SystemAPI: Sendable {
    let store: Store
    let gate: Gate
    let plugins: HostPlugins
    let registry: Registry
    let index: QueueIndex
    let events: EventBroadcaster
    let counters: RequestCounters
    let adminEvents: EventBroadcaster
    let health: HealthWatch
    let readiness: Readiness
    let clock: any WallClock
    let started: Date

    /// The table of the routes; that is why it is long.
    func register(in routes: inout RouteTable) {
        routes.ping()
        routes.suspending(
            .get,
            "/api/health",
            .anonymous,
            RouteDocument("System", "Whether the server works, and what is wrong").answers(200, "Health"),
            showHealth
        )
        routes.immediate(
            .get,
            "/api/ready",
            .anonymous,
            RouteDocument("System", "200 once requests can be served").answers(200, "Ready").fails(503),
            ready
        )
        routes.suspending(
            .get,
            "/metrics",
            .anonymous,
            RouteDocument("System", "Numbers for Prometheus").answers(200, as: "text/plain"),
            metrics
        )
        routes.suspending(
            .post,
            "/api/session",
            .anonymous,
            RouteDocument("System", "Sign a browser in with a key").body("SessionBody").answers(201, "Session"),
            signIn
        )
        routes.suspending(
            .delete,
            "/api/session",
            .anonymous,
            RouteDocument("System", "Sign a browser out").answers(204),
            signOut
        )
        routes.immediate(
            .get,
            "/api/session",
            .anonymous,
            RouteDocument("System", "Who the key or session belongs to; the role public without one")
                .answers(200, "Session")
        ) { _, caller in .json(Self.session(caller)) }
    }

    private func signIn(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        struct Body: Decodable {
            let key: String
        }
        guard let caller = gate.keys.caller(showing: try request.decodeJSON(Body.self).key) else {
            throw gate.refusal(ofKeyIn: request)
        }
        let (session, secret) = Session.make(for: caller, now: clock.now)
        try await store.insert(session, now: clock.now)
        gate.keys.add(session)
        var response = HTTPResponse.json(Self.session(caller), status: .created)
        response.headers.add("Set-Cookie", Session.setCookie(secret, isSecure: request.isTLS))
        return response
    }

    private func signOut(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        if let secret = Session.secret(in: request) {
            let hash = Session.hash(of: secret)
            gate.keys.removeSession(hash: hash)
            try await store.deleteSession(hash: hash)
        }
        var response = HTTPResponse.empty(.noContent)
        response.headers.add("Set-Cookie", Session.setCookie(nil, isSecure: request.isTLS))
        return response
    }

    private static func session(_ caller: Caller) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("role", caller.role.rawValue)
            writer.member("keyId", caller.keyID)
        }
    }

    private func metrics(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        var text = MetricsText()
        text.gauge("kinodock_uptime_seconds", "Seconds since the start.", clock.now.timeIntervalSince(started))
        text.gauge("kinodock_resident_bytes", "Memory in RAM.", Double(ProcessMemory.residentBytes))
        text.counter(
            "kinodock_http_requests_total",
            "Requests answered, by status class.",
            counters.byClass.map { (["class": "\($0.key)xx"], Double($0.value)) }
        )
        let counts = index.counts
        text.gauge(
            "kinodock_queue_items",
            "Items in the queue, by status.",
            QueueStatus.Status.allCases.map { (["status": $0.rawValue], Double(counts.byStatus[$0] ?? 0)) }
        )
        let subscribers = events.subscriberCount + adminEvents.subscriberCount
        text.gauge("kinodock_event_subscribers", "Open event streams.", Double(subscribers))
        text.gauge(
            "kinodock_plugins",
            "Plugins, by state.",
            PluginState.allCases.map { state in
                (["state": state.rawValue], Double(plugins.entries.count { $0.state == state }))
            }
        )
        text.gauge(
            "kinodock_problems",
            "Problems that nobody has dismissed, by source.",
            await health.openCounts.map { (["source": $0.source.rawValue], Double($0.count)) }
        )
        let clients = await registry.instances(of: .downloadClient)
        text.gauge(
            "kinodock_download_client_up",
            "Whether the last call to a client worked.",
            clients.map { (["name": $0.name], $0.health.message == nil ? 1 : 0) }
        )
        return .bytes(Array(text.text.utf8), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}

extension RouteTable {
    /// The answer never changes, so it is made once.
    fileprivate mutating func ping() {
        let pong = PreparedResponse(
            headers: ["Content-Type": "application/json"],
            bytes: JSONWriter.object { $0.member("status", "pong") }
        )
        open(.get, "/api/ping", RouteDocument("System", "Answers at once").answers(200, "Ping")) { _ in
            .prepared(pong)
        }
    }
}
