import HTTPServer
import PluginAPI

/// Collects the routes of all dialects, with who may use each and what the OpenAPI document says of it.
struct RouteTable {
    struct Entry: Sendable {
        let method: HTTPMethod
        let pattern: String
        let role: Role
        let document: RouteDocument
        /// Whether the caller's key and limit are looked at.
        var isGuarded = true
    }

    private(set) var router: Router
    private(set) var entries: [Entry] = []
    private let gate: Gate

    init(gate: Gate, errorStyles: [ErrorStyle], onUnexpectedError: @escaping @Sendable (any Error, HTTPRequest) -> Void)
    {
        self.gate = gate
        router = Router(
            renderError: { error, request in
                let style = errorStyles.first { request.path.hasPrefix($0.pathPrefix) } ?? .house
                return style.render(error, request)
            },
            onUnexpectedError: onUnexpectedError
        )
    }

    /// Adds a route whose handler does not wait: it runs on the server's own thread.
    mutating func immediate(
        _ method: HTTPMethod,
        _ pattern: String,
        _ role: Role,
        _ document: RouteDocument,
        _ handler: @escaping @Sendable (HTTPRequest, Caller) throws -> HTTPResponse
    ) {
        entries.append(Entry(method: method, pattern: pattern, role: role, document: document))
        router.on(
            method,
            pattern,
            .immediate { [gate] request in
                do {
                    return try handler(request, try gate.admit(request, atLeast: role))
                } catch {
                    throw HTTPError.translate(error)
                }
            }
        )
    }

    /// Adds a route whose handler may wait.
    ///
    /// - Parameter maxBody: the largest body in bytes; the server's default when `nil`.
    mutating func suspending(
        _ method: HTTPMethod,
        _ pattern: String,
        _ role: Role,
        _ document: RouteDocument,
        maxBody: Int? = nil,
        _ handler: @escaping @Sendable (HTTPRequest, Caller) async throws -> HTTPResponse
    ) {
        entries.append(Entry(method: method, pattern: pattern, role: role, document: document))
        router.on(
            method,
            pattern,
            maxBody: maxBody,
            .suspending { [gate] request in
                do {
                    return try await handler(request, try gate.admit(request, atLeast: role))
                } catch {
                    throw HTTPError.translate(error)
                }
            }
        )
    }

    /// Adds a route that anybody may use and that is not counted against the caller's limit: a fixed answer.
    mutating func open(
        _ method: HTTPMethod,
        _ pattern: String,
        _ document: RouteDocument,
        _ handler: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse
    ) {
        entries.append(Entry(method: method, pattern: pattern, role: .anonymous, document: document, isGuarded: false))
        router.on(method, pattern, .immediate(handler))
    }
}
