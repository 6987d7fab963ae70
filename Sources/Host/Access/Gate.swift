import FoundationEssentials
import HTTPServer

/// Decides who a request comes from and whether it may pass.
struct Gate: Sendable {
    let keys: KeyRing
    /// `nil` when clients are not limited.
    let limiter: RateLimiter?
    let limitsLoopback: Bool

    /// Lets `request` pass when its caller has at least `role`.
    ///
    /// - Throws: `HTTPError` 401 without a valid key, 403 when the key's role is too low, 429 when the caller asks too
    ///   often.
    func admit(_ request: HTTPRequest, atLeast role: Role) throws -> Caller {
        let caller = try identify(request)
        try charge(caller, request)
        guard caller.role >= role else {
            throw caller.keyID == nil
                ? Self.unauthorized("This needs a key: send it as `x-api-key: KEY`.") : Self.forbidden
        }
        return caller
    }

    /// Counts a key that was not valid against the address that it came from, so that keys cannot be guessed at leisure.
    ///
    /// - Returns: the error to answer with: 401, or 429 when the address has asked too often.
    func refusal(ofKeyIn request: HTTPRequest) -> HTTPError {
        do {
            try charge(.anonymous, request)
        } catch {
            return error
        }
        return Self.unauthorized("The key is not valid. `kinodock key list` shows the keys that are.")
    }

    private func charge(_ caller: Caller, _ request: HTTPRequest) throws(HTTPError) {
        guard let limiter, limitsLoopback || !request.isLoopback,
            let delay = limiter.delay(for: caller, at: request.remoteAddress)
        else { return }
        throw HTTPError(
            .tooManyRequests,
            code: "RATE_LIMITED",
            "Too many requests; try again in \(delay) seconds.",
            headers: ["Retry-After": String(delay)]
        )
    }

    private func identify(_ request: HTTPRequest) throws -> Caller {
        if let secret = Self.shownKey(request) {
            guard let caller = keys.caller(showing: secret) else { throw refusal(ofKeyIn: request) }
            return caller
        }
        guard let secret = Session.secret(in: request), let caller = keys.caller(showing: secret) else {
            return .anonymous
        }
        try Self.refuseForeignOrigin(request)
        return caller
    }

    /// The key in whichever place the client has put it.
    private static func shownKey(_ request: HTTPRequest) -> String? {
        if let key = request.headers["x-api-key"] { return key }
        if let authorization = request.headers["Authorization"] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer" { return String(parts[1]) }
        }
        return request.headers["X-Plex-Token"] ?? request.query.first("X-Plex-Token")
    }

    /// A browser sends the cookie along with requests that another site has made up; those name that site.
    private static func refuseForeignOrigin(_ request: HTTPRequest) throws {
        guard request.method != .get, request.method != .head, let origin = request.headers["Origin"],
            let host = request.headers["Host"]
        else { return }
        guard origin == "http://" + host || origin == "https://" + host else {
            throw HTTPError(
                .forbidden,
                code: "FORBIDDEN",
                "This request was made by a page of another site (\(origin))."
            )
        }
    }

    private static func unauthorized(_ message: String) -> HTTPError {
        HTTPError(
            .unauthorized,
            code: "UNAUTHORIZED",
            message,
            headers: ["WWW-Authenticate": "Bearer realm=\"kinodock\""]
        )
    }

    private static let forbidden = HTTPError(
        .forbidden,
        code: "FORBIDDEN",
        "This needs a key with the admin role."
    )
}
