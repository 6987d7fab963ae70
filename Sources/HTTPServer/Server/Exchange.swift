internal import CMicroHTTPD
internal import FoundationEssentials
internal import Synchronization

/// One request that needs more than a moment: a body to collect, a task to wait for, a long response to follow.
///
/// The library holds one reference from the first callback to its request-completed callback. A waiting exchange is
/// held by its task too, and its connection is suspended: the library neither frees nor looks at a suspended
/// connection, so the pointer is good until `resolve` resumes it, which happens exactly once.
///
/// `@unchecked Sendable`: all mutable fields but `shared` are touched on the connection's thread alone.
final class Exchange: Endable, @unchecked Sendable {
    enum Phase {
        case head
        case body
        case ready
        case parking
        case waiting
        case answered
    }

    private struct Shared {
        var task: Task<Void, Never>?
        var isWaiting = false
        var response: EncodedResponse?
    }

    let core: ServerCore
    let connection: OpaquePointer
    let isStream = false
    var phase = Phase.head
    /// The target as it came, `nil` until known.
    var rawTarget: String?
    /// The length of the target in bytes.
    var targetLength = 0
    var method = HTTPMethod.get
    var body = Data()
    var bodyLimit = 0
    /// The bytes that came after the limit was passed.
    var overflow = 0
    var started = ContinuousClock.now
    var isOpen = false
    /// The request of a waiting exchange, until its response is queued.
    private(set) var request: HTTPRequest?
    private var handler: Router.Suspending?
    private var record: (() -> AccessRecord)?
    private let shared = Mutex(Shared())

    init(core: ServerCore, connection: OpaquePointer) {
        self.core = core
        self.connection = connection
    }

    deinit {
        shared.withLock { shared in
            if let response = shared.response, response.isOwned { MHD_destroy_response(response.handle) }
        }
    }

    /// Takes a piece of the body.
    func take(_ bytes: UnsafeRawBufferPointer) {
        if overflow > 0 || body.count + bytes.count > bodyLimit {
            overflow += bytes.count
            body = Data()
        } else {
            body.append(contentsOf: bytes)
        }
    }

    /// Remembers the handler that will run once the connection has come to rest.
    func park(_ request: HTTPRequest, _ handler: @escaping Router.Suspending) {
        self.request = request
        self.handler = handler
        phase = .parking
    }

    /// Suspends the connection and starts the handler; `false` when the server takes no more work.
    func start() -> Bool {
        guard let request, let handler else { return false }
        self.handler = nil
        shared.withLock { $0.isWaiting = true }
        // Opening and suspending are one step to a stop, which resumes everything that is open.
        guard core.open(self, { MHD_suspend_connection(connection) }) else {
            shared.withLock { $0.isWaiting = false }
            return false
        }
        isOpen = true
        phase = .waiting
        let encoder = ResponseEncoder(core: core, connection: connection, request: request)
        let task = Task {
            let response = await core.router.answerLater(request, handler)
            resolve(with: encoder, response)
        }
        shared.withLock { shared in
            if shared.isWaiting { shared.task = task } else { task.cancel() }
        }
        return true
    }

    /// The response to queue and the request that it answers, once.
    func takeResponse() -> (response: EncodedResponse, request: HTTPRequest)? {
        let response = shared.withLock { shared in
            defer { shared.response = nil }
            return shared.response
        }
        defer { request = nil }
        guard let response, let request else { return nil }
        return (response, request)
    }

    /// Keeps what the access log needs until the response is through.
    func remember(_ record: @escaping () -> AccessRecord) {
        self.record = record
    }

    /// The library is done with the request.
    func completed() {
        shared.withLock { $0.task?.cancel() }
        if let record { core.accessLog?(record()) }
        if isOpen { core.closed(self) }
    }

    /// The server stops and does not wait any longer: the handler is cancelled and the client told to come back.
    func end() {
        shared.withLock { shared in
            shared.task?.cancel()
            guard shared.isWaiting else { return }
            shared.isWaiting = false
            MHD_resume_connection(connection)
        }
    }

    private func resolve(with encoder: ResponseEncoder, _ response: HTTPResponse) {
        // Files are opened here and not on the connection's thread, which a slow disk would hold up.
        let encoded = encoder.encode(response)
        let isUnwanted = shared.withLock { shared in
            shared.task = nil
            guard shared.isWaiting else { return true }
            shared.isWaiting = false
            shared.response = encoded
            MHD_resume_connection(connection)
            return false
        }
        if isUnwanted, let encoded, encoded.isOwned { MHD_destroy_response(encoded.handle) }
    }
}
