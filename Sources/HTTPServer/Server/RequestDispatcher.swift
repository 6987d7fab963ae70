internal import CMicroHTTPD
internal import FoundationEssentials
internal import Glibc

/// Walks one request through the library's callbacks, on the thread of its connection.
///
/// The library calls once when the header fields are there, then for each piece of the body, then once more for the
/// answer. A response to the first call closes the connection, so everything but a refusal waits for the last.
struct RequestDispatcher {
    typealias Context = UnsafeMutablePointer<UnsafeMutableRawPointer?>

    let core: ServerCore
    let connection: OpaquePointer
    let url: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>

    /// Marks a request whose first call was made and that has no exchange.
    private static var seen: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: 1) }

    /// The exchange that a context points to, if any.
    static func exchange(_ context: UnsafeMutableRawPointer?) -> Exchange? {
        guard let context, context != seen else { return nil }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    }

    /// Notes a target with a query before the library takes it apart; most requests have none and need no exchange.
    static func note(target: UnsafePointer<CChar>, core: ServerCore, connection: OpaquePointer)
        -> UnsafeMutableRawPointer?
    {
        guard strchr(target, Int32(UInt8(ascii: "?"))) != nil else { return nil }
        let exchange = Exchange(core: core, connection: connection)
        exchange.rawTarget = String(cString: target)
        exchange.targetLength = strlen(target)
        return Unmanaged.passRetained(exchange).toOpaque()
    }

    /// One call of the library.
    func handle(
        _ context: Context,
        version: UnsafePointer<CChar>?,
        piece: UnsafePointer<CChar>?,
        size: UnsafeMutablePointer<Int>
    ) -> MHD_Result {
        guard let pointer = context.pointee else { return begin(context, nil, version) }
        guard pointer != Self.seen else { return answer(nil, context) }
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        switch exchange.phase {
        case .head: return begin(context, exchange, version)
        case .body where size.pointee > 0:
            exchange.take(UnsafeRawBufferPointer(start: piece, count: size.pointee))
            size.pointee = 0
            // A client that never stops sending what nobody wants is cut off.
            return exchange.overflow > Self.mostOverflow ? .NO : .YES
        case .body, .ready: return answer(exchange, context)
        case .parking:
            if exchange.start() { return .YES }
            return queue(unavailable(exchange), exchange)
        case .waiting:
            guard let (response, request) = exchange.takeResponse() else {
                return queue(unavailable(exchange), exchange)
            }
            return queue(response, request, exchange, since: exchange.started)
        case .answered: return .YES
        }
    }

    /// How much of an overlong chunked body is read so that its sender sees the 413.
    private static let mostOverflow = 8 << 20

    private func begin(_ context: Context, _ known: Exchange?, _ version: UnsafePointer<CChar>?) -> MHD_Result {
        let check = RequestCheck(core: core, connection: connection)
        let length = known?.targetLength ?? strlen(url)
        // A NUL in the target makes the text end before the place where the version begins.
        let isWhole = version.map { $0 - url == length + 1 } ?? false
        let verdict = check.verdict(isWhole: isWhole, version: version)
        if case .none = verdict {
            if let known { known.phase = .ready } else { context.pointee = Self.seen }
            return .YES
        }
        let exchange = known ?? adopt(context)
        exchange.method = HTTPMethod(method)
        switch verdict {
        case .none: return .YES
        case .refused(let error): return refuse(error, exchange)
        case .body(let announced):
            exchange.bodyLimit = bodyLimit(exchange)
            if let announced, announced > UInt64(exchange.bodyLimit) {
                return refuse(check.tooLarge(exchange.bodyLimit), exchange)
            }
            if let announced { exchange.body.reserveCapacity(Int(announced)) }
            exchange.phase = .body
            return .YES
        }
    }

    private func adopt(_ context: Context) -> Exchange {
        let exchange = Exchange(core: core, connection: connection)
        context.pointee = Unmanaged.passRetained(exchange).toOpaque()
        return exchange
    }

    private func bodyLimit(_ exchange: Exchange) -> Int {
        guard case .route(let route, _) = target(exchange.method, exchange) else { return core.maxBodyBytes }
        return route.maxBody ?? core.maxBodyBytes
    }

    private func target(_ method: HTTPMethod, _ exchange: Exchange?) -> Router.Target {
        if let raw = exchange?.rawTarget { return core.router.target(method, raw) }
        return core.router.target(
            method,
            UnsafeBufferPointer(start: UnsafeRawPointer(url).assumingMemoryBound(to: UInt8.self), count: strlen(url))
        )
    }

    private func request(_ method: HTTPMethod, _ exchange: Exchange?, _ head: RequestHead) -> HTTPRequest {
        var request = HTTPRequest(
            method: method,
            rawTarget: exchange?.rawTarget ?? String(cString: url),
            head: head,
            peer: PeerAddress(mhd_client_address(connection)),
            isTLS: core.isTLS
        )
        if let exchange { request.body = exchange.body }
        return request
    }

    /// Answers before the body came; the library closes the connection after it.
    private func refuse(_ error: HTTPError, _ exchange: Exchange) -> MHD_Result {
        let head = RequestHead(connection: connection)
        let request = request(exchange.method, exchange, head)
        defer { head.detach() }
        return send(core.router.render(error, request), request, exchange, since: exchange.started)
    }

    private func answer(_ exchange: Exchange?, _ context: Context) -> MHD_Result {
        let started = exchange?.started ?? (core.accessLog == nil ? nil : ContinuousClock.now)
        let method = HTTPMethod(self.method)
        var head = RequestHead(connection: connection)
        // A handler may keep its request; then the fields are copied before the connection moves on.
        defer { if !isKnownUniquelyReferenced(&head) { head.detach() } }
        var request = request(method, exchange, head)
        if let exchange, exchange.overflow > 0 {
            let error = RequestCheck(core: core, connection: connection).tooLarge(exchange.bodyLimit)
            return send(core.router.render(error, request), request, exchange, since: started)
        }
        switch target(method, exchange) {
        case .answer(let response): return send(response, request, exchange, since: started)
        case .refusal(let error): return send(core.router.render(error, request), request, exchange, since: started)
        case .route(let route, let parameters):
            request.parameters = parameters
            switch route.handler {
            case .immediate(let handler):
                let response = core.router.answer(request) { try handler(request) }
                return send(response, request, exchange, since: started, context)
            case .suspending(let handler):
                head.detach()
                // The connection is suspended at the next call: by then the library waits for us and not for the
                // client, so that a client that has closed its sending side still gets its answer.
                (exchange ?? adopt(context)).park(request, handler)
                return .YES
            }
        }
    }

    private func send(
        _ response: HTTPResponse,
        _ request: HTTPRequest,
        _ exchange: Exchange?,
        since started: ContinuousClock.Instant?,
        _ context: Context? = nil
    ) -> MHD_Result {
        let encoder = ResponseEncoder(core: core, connection: connection, request: request)
        guard let encoded = encoder.encode(response) else { return .NO }
        var exchange = exchange
        if encoded.isLong, exchange == nil, let context { exchange = adopt(context) }
        return queue(encoded, request, exchange, since: started)
    }

    /// Queues a response and sees to the access log: at once for a short one, at its end for a long one.
    private func queue(
        _ encoded: EncodedResponse,
        _ request: HTTPRequest,
        _ exchange: Exchange?,
        since started: ContinuousClock.Instant?
    ) -> MHD_Result {
        if let exchange, encoded.isLong {
            if let started {
                request.head.detach()
                exchange.remember { Self.record(encoded, request, started) }
            }
            if !exchange.isOpen { exchange.isOpen = core.open(exchange, {}) }
        } else if let started, let log = core.accessLog {
            log(Self.record(encoded, request, started))
        }
        return queue(encoded, exchange)
    }

    private static func record(
        _ encoded: EncodedResponse,
        _ request: HTTPRequest,
        _ started: ContinuousClock.Instant
    ) -> AccessRecord {
        AccessRecord(
            request,
            status: encoded.status,
            bytes: encoded.bytes,
            duration: ContinuousClock.now - started
        )
    }

    private func unavailable(_ exchange: Exchange) -> EncodedResponse? {
        let head = RequestHead(connection: connection)
        let request = request(exchange.method, exchange, head)
        let error = HTTPError(
            .serviceUnavailable,
            "The server is stopping; try again soon.",
            headers: ["Retry-After": "2"]
        )
        return ResponseEncoder(core: core, connection: connection, request: request).encode(
            core.router.render(error, request)
        )
    }

    private func queue(_ encoded: EncodedResponse?, _ exchange: Exchange?) -> MHD_Result {
        exchange?.phase = .answered
        guard let encoded else { return .NO }
        let result = MHD_queue_response(connection, UInt32(truncatingIfNeeded: encoded.status.code), encoded.handle)
        if encoded.isOwned { MHD_destroy_response(encoded.handle) }
        return result
    }
}
