internal import FoundationEssentials

/// The table of routes, and how errors look.
///
/// Patterns are made of literal segments, parameters (`:id`) and at the end a catch-all (`*rest`). A literal wins over
/// a parameter and a parameter over a catch-all. HEAD is answered by the route of GET, OPTIONS with Allow, a method
/// that a known path lacks with 405, an unknown path with 404. A slash at the end of a path does not count. A catch-all
/// never matches a rest with `..` or an encoded slash in it.
package struct Router: Sendable {
    /// A handler that answers at once.
    package typealias Immediate = @Sendable (HTTPRequest) throws -> HTTPResponse
    /// A handler that may wait.
    package typealias Suspending = @Sendable (HTTPRequest) async throws -> HTTPResponse

    /// How a route is answered.
    package enum Handler: Sendable {
        /// Runs on the connection's thread and holds up its other clients: it must not wait for anything.
        case immediate(Immediate)
        /// Runs as a task while the connection is set aside.
        ///
        /// The task is cancelled when the server stops, and not when the client leaves: to the kernel one that has left
        /// looks like one that has closed its sending side and waits for the answer. So what it waits for needs a
        /// deadline.
        case suspending(Suspending)
    }

    /// Renders an error in the style of the API that the request was meant for.
    package typealias ErrorRenderer = @Sendable (HTTPError, HTTPRequest) -> HTTPResponse

    struct Route: Sendable {
        let method: HTTPMethod
        let pattern: RoutePattern
        let maxBody: Int?
        let handler: Handler
    }

    private var trie = RouteTrie()
    private(set) var table: [Route] = []
    private let renderError: ErrorRenderer
    private let onUnexpectedError: @Sendable (any Error, HTTPRequest) -> Void

    /// Creates an empty table.
    ///
    /// `onUnexpectedError` receives what a handler throws that is not an `HTTPError`; the client gets a 500 without its
    /// text.
    package init(
        renderError: @escaping ErrorRenderer,
        onUnexpectedError: @escaping @Sendable (any Error, HTTPRequest) -> Void = { _, _ in }
    ) {
        self.renderError = renderError
        self.onUnexpectedError = onUnexpectedError
    }

    /// Every route, in the order of registration.
    package var routes: [(method: HTTPMethod, pattern: String)] {
        table.map { ($0.method, $0.pattern.description) }
    }

    /// Adds a route.
    ///
    /// `maxBody` is the most bytes of its request body; `nil` takes the server's limit.
    package mutating func on(_ method: HTTPMethod, _ pattern: String, maxBody: Int? = nil, _ handler: Handler) {
        precondition(method != .other, "a route needs a known method")
        let pattern = RoutePattern(pattern)
        trie.insert(pattern, method, route: table.count)
        table.append(Route(method: method, pattern: pattern, maxBody: maxBody, handler: handler))
    }

    /// Answers a request without a server, as tests and the host's own calls do; file and stream bodies come back
    /// unread.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        var request = request
        switch target(request.method, request.rawTarget) {
        case .answer(let response): return response
        case .refusal(let error): return render(error, request)
        case .route(let route, let parameters):
            request.parameters = parameters
            switch route.handler {
            case .immediate(let handler): return answer(request) { try handler(request) }
            case .suspending(let handler): return await answerLater(request, handler)
            }
        }
    }

    /// What is to be done with a request.
    enum Target {
        case route(Route, RouteParameters)
        case answer(HTTPResponse)
        case refusal(HTTPError)
    }

    /// Finds the route for a target as it came on the wire.
    func target(_ method: HTTPMethod, _ rawTarget: String) -> Target {
        var rawTarget = rawTarget
        return rawTarget.withUTF8 { target(method, $0) }
    }

    /// Finds the route for a target as it came on the wire.
    func target(_ method: HTTPMethod, _ bytes: UnsafeBufferPointer<UInt8>) -> Target {
        if method == .options, bytes.elementsEqual("*".utf8) { return .answer(Self.allowing([])) }
        return RoutePath.withCanonical(bytes) { path in
            switch trie.match(method, path) {
            case .found(let index, let captures): found(table[index], captures, path)
            case .otherMethods(let methods) where method == .options: .answer(Self.allowing(methods))
            case .otherMethods(let methods): .refusal(Self.methodNotAllowed(methods))
            case .none: .refusal(.notFound("There is nothing at this address."))
            }
        } ?? .refusal(HTTPError(.badRequest, "The address is malformed; check its percent-encoding."))
    }

    /// Runs a handler and turns what it throws into a response.
    func answer(_ request: HTTPRequest, _ handler: () throws -> HTTPResponse) -> HTTPResponse {
        do { return try handler() } catch { return response(to: error, request) }
    }

    /// Runs a handler and turns what it throws into a response.
    func answerLater(
        _ request: HTTPRequest,
        _ handler: @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) async -> HTTPResponse {
        do { return try await handler(request) } catch { return response(to: error, request) }
    }

    /// The response for an error.
    func response(to error: any Error, _ request: HTTPRequest) -> HTTPResponse {
        if let error = error as? HTTPError { return render(error, request) }
        onUnexpectedError(error, request)
        return render(
            HTTPError(.internalServerError, "The server met an error that is not yours; its log says more."),
            request
        )
    }

    /// An error in the style of the API, with the fields that the error itself brings.
    func render(_ error: HTTPError, _ request: HTTPRequest) -> HTTPResponse {
        var response = renderError(error, request)
        for field in error.headers where response.headers[field.name] == nil {
            response.headers.add(field.name, field.value)
        }
        return response
    }

    private func found(
        _ route: Route,
        _ captures: [Range<Int>],
        _ path: UnsafeBufferPointer<UInt8>
    ) -> Target {
        if captures.isEmpty { return .route(route, RouteParameters()) }
        let values = captures.compactMap { RoutePath.text(path[$0]) }
        guard values.count == captures.count else {
            return .refusal(HTTPError(.badRequest, "The address is not valid UTF-8; check its percent-encoding."))
        }
        return .route(route, RouteParameters(names: route.pattern.names, values: values))
    }

    private static func allowing(_ methods: [HTTPMethod]) -> HTTPResponse {
        HTTPResponse(status: .noContent, headers: ["Allow": allow(methods)])
    }

    private static func methodNotAllowed(_ methods: [HTTPMethod]) -> HTTPError {
        let allow = allow(methods)
        return HTTPError(.methodNotAllowed, "This address takes \(allow).", headers: ["Allow": allow])
    }

    private static func allow(_ methods: [HTTPMethod]) -> String {
        var all = methods
        if all.contains(.get), !all.contains(.head) { all.append(.head) }
        if !all.contains(.options) { all.append(.options) }
        return HTTPMethod.allCases.filter(all.contains).map(\.rawValue).joined(separator: ", ")
    }
}
