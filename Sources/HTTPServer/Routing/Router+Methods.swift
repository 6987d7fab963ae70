/// One name for each common method: a closure that awaits is set aside, one that does not runs at once.
extension Router {
    /// A handler that answers at once, on the connection's thread.
    package typealias Immediate = @Sendable (HTTPRequest) throws -> HTTPResponse
    /// A handler that may wait.
    package typealias Suspending = @Sendable (HTTPRequest) async throws -> HTTPResponse

    /// Adds a route for GET that answers at once.
    package mutating func get(_ pattern: String, _ handler: @escaping Immediate) {
        on(.get, pattern, .immediate(handler))
    }

    /// Adds a route for GET that may wait.
    @_disfavoredOverload
    package mutating func get(_ pattern: String, _ handler: @escaping Suspending) {
        on(.get, pattern, .suspending(handler))
    }

    /// Adds a route for POST that answers at once.
    package mutating func post(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.post, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for POST that may wait.
    @_disfavoredOverload
    package mutating func post(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.post, pattern, maxBody: maxBody, .suspending(handler))
    }

    /// Adds a route for PUT that answers at once.
    package mutating func put(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.put, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for PUT that may wait.
    @_disfavoredOverload
    package mutating func put(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.put, pattern, maxBody: maxBody, .suspending(handler))
    }

    /// Adds a route for PATCH that answers at once.
    package mutating func patch(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.patch, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for PATCH that may wait.
    @_disfavoredOverload
    package mutating func patch(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.patch, pattern, maxBody: maxBody, .suspending(handler))
    }

    /// Adds a route for DELETE that answers at once.
    package mutating func delete(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.delete, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for DELETE that may wait.
    @_disfavoredOverload
    package mutating func delete(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.delete, pattern, maxBody: maxBody, .suspending(handler))
    }
}
