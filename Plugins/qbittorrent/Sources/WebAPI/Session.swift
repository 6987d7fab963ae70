import FoundationEssentials
import PluginAPI

/// A session with the Web UI: logs in when needed, again when the session has run out, and never a second time with
/// credentials that were refused, for qBittorrent bans an address after a few of those.
actor Session {
    /// Whether a login makes sense.
    private enum Access {
        case untried
        case open
        case refused(PluginError)
        case banned(PluginError, until: Date)
    }

    /// Seconds to wait while this address is banned.
    ///
    /// The ban lasts an hour unless set otherwise, but it is not
    /// lengthened by asking, and the user may lift it by a restart.
    private static let banPause = 600

    private let server: Server
    private var access = Access.untried
    private var cookies = SessionCookies()
    /// Counts the logins, so that of many calls that find the session gone only one logs in.
    private var generation = 0
    private var login: Task<Void, any Error>?

    init(_ server: Server) {
        self.server = server
    }

    /// Sends a request within the session.
    ///
    /// A 403 leads to one new login and one repetition.
    ///
    /// - Throws: `PluginError`; `.unauthorized` without any request once the credentials were refused.
    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        try await open()
        let opened = generation
        let first = try await exchange(request)
        guard first.status == 403 else { return first }
        try await reopen(after: opened)
        let second = try await exchange(request)
        guard second.status == 403 else { return second }
        throw PluginError(
            .forbidden,
            "\(server.name) forbids this right after a login. Check in its Web UI whether this user may do it."
        )
    }

    /// Allows a login again, after a test has shown that the credentials are right.
    func forgive() {
        if case .open = access { return }
        access = .untried
    }

    /// Ends the session at the server.
    ///
    /// What goes wrong does not matter: it runs out by itself.
    func close() async {
        guard case .open = access else { return }
        _ = try? await exchange(server.form("auth/logout", []))
        access = .untried
    }

    private func exchange(_ request: ServiceRequest) async throws -> ServiceResponse {
        var request = request
        if let cookies = cookies.header { request.headers.append(HeaderField("Cookie", cookies)) }
        let sentIn = generation
        let response = try await server.exchange(request)
        // A late answer must not put the cookie of an older session in place of the new one.
        if sentIn == generation { cookies.keep(response) }
        return response
    }

    private func open() async throws {
        // Without the cookie of the login under way the request would be refused, and lead to another login.
        if let login { try await login.value }
        switch access {
        case .open: return
        case .refused(let error): throw error
        case .banned(let error, let end) where server.host.now < end: throw error
        case .banned, .untried:
            // Without credentials the Web UI may still let this machine in.
            if hasCredentials { try await logInOnce() }
        }
    }

    private func reopen(after opened: Int) async throws {
        if let login { return try await login.value }
        guard generation == opened else { return }
        guard hasCredentials else {
            throw PluginError(
                .unauthorized,
                "\(server.name) asks for a login. Enter its user name and password.",
                field: "username"
            )
        }
        try await logInOnce()
        server.host.log(.debug, "The session had run out; logged in again.", fields: [:])
    }

    private var hasCredentials: Bool {
        !server.settings.username.isEmpty || !server.settings.password.isEmpty
    }

    /// Joins a login that is under way.
    private func logInOnce() async throws {
        if let login { return try await login.value }
        let task = Task { try await logIn() }
        login = task
        defer { login = nil }
        try await task.value
    }

    private func logIn() async throws {
        if case .refused(let error) = access { throw error }
        cookies = SessionCookies()
        generation += 1
        do {
            try await attempt()
            access = .open
        } catch let error as PluginError {
            remember(error)
            throw error
        }
    }

    private func remember(_ error: PluginError) {
        if error.code == .unauthorized {
            access = .refused(error)
        } else if error.code == .forbidden, let pause = error.retryAfter {
            access = .banned(error, until: server.host.now + Double(pause))
        } else {
            return
        }
        server.host.log(.warning, error.message, fields: [:])
    }

    private func attempt() async throws {
        let credentials = [("username", server.settings.username), ("password", server.settings.password)]
        let response = try await exchange(server.form("auth/login", credentials.map { (key: $0.0, value: $0.1) }))
        switch response.status {
        case 200..<300:
            if String(decoding: response.body, as: UTF8.self).hasPrefix("Fails") { throw refusal }
        case 401: throw try await unauthorized(response)
        case 403:
            throw PluginError(
                .forbidden,
                """
                \(server.name) has banned this machine after too many wrong passwords. Correct the password, then \
                wait for the end of the ban (an hour unless set otherwise) or restart qBittorrent.
                """,
                retryAfter: Self.banPause
            )
        default: throw server.failure(response, doing: "log in")
        }
    }

    private var refusal: PluginError {
        PluginError(
            .unauthorized,
            """
            \(server.name) refuses the user name or password. They are not tried again until the settings are saved \
            with other ones or the connection is tested, because qBittorrent bans an address after a few failed logins.
            """,
            field: "password"
        )
    }

    /// Says what a 401 means: from 5.2 on a wrong password, in every version a Host header that is not liked.
    ///
    /// A request
    /// that is no login tells them apart without counting as a wrong one.
    private func unauthorized(_ response: ServiceResponse) async throws -> PluginError {
        if response.header("WWW-Authenticate") != nil {
            return PluginError(
                .forbidden,
                "A proxy in front of \(server.name) asks for its own login.",
                field: "host"
            )
        }
        let probe = try await server.exchange(server.request("GET", "app/version"))
        guard probe.status == 401 else { return refusal }
        return PluginError(
            .forbidden,
            """
            \(server.name) refuses the address by which it is called. Add this host name to the domains of its Web UI, \
            use the port that its Web UI listens on, or turn the validation of the Host header off.
            """,
            field: "host"
        )
    }
}
