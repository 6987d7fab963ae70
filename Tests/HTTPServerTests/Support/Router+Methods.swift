import HTTPServer

/// Short names for the routes of tests: a closure that awaits is set aside, one that does not runs at once.
extension Router {
    /// Adds a route for GET that answers at once.
    mutating func get(_ pattern: String, _ handler: @escaping Immediate) {
        on(.get, pattern, .immediate(handler))
    }

    /// Adds a route for GET that may wait.
    @_disfavoredOverload
    mutating func get(_ pattern: String, _ handler: @escaping Suspending) {
        on(.get, pattern, .suspending(handler))
    }

    /// Adds a route for POST that answers at once.
    mutating func post(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.post, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for POST that may wait.
    @_disfavoredOverload
    mutating func post(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.post, pattern, maxBody: maxBody, .suspending(handler))
    }

    /// Adds a route for PUT that answers at once.
    mutating func put(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.put, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for PUT that may wait.
    @_disfavoredOverload
    mutating func put(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.put, pattern, maxBody: maxBody, .suspending(handler))
    }

    /// Adds a route for DELETE that answers at once.
    mutating func delete(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Immediate) {
        on(.delete, pattern, maxBody: maxBody, .immediate(handler))
    }

    /// Adds a route for DELETE that may wait.
    @_disfavoredOverload
    mutating func delete(_ pattern: String, maxBody: Int? = nil, _ handler: @escaping Suspending) {
        on(.delete, pattern, maxBody: maxBody, .suspending(handler))
    }
}
