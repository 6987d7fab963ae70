internal import CMicroHTTPD
internal import Synchronization

/// The library's daemon: its options, its callbacks and its end.
///
/// `@unchecked Sendable`: the handle is only passed to calls that the library allows from any thread.
final class Daemon: @unchecked Sendable {
    let handle: OpaquePointer
    /// Holds the core for the callbacks, which get it as their context.
    private let core: ServerCore
    /// The library's logger keeps this pointer for as long as the daemon lives.
    private let options: UnsafeMutablePointer<mhd_start_options>
    private let isStopped = Mutex(false)

    /// Starts the threads; throws a `ServerStartError` that tells what the library said.
    init(_ configuration: HTTPServer.Configuration, _ core: ServerCore) throws {
        self.core = core
        let options = UnsafeMutablePointer<mhd_start_options>.allocate(capacity: 1)
        self.options = options
        options.initialize(to: Self.options(configuration, core))
        var flags = MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue
        flags |= MHD_USE_NO_LISTEN_SOCKET.rawValue | MHD_USE_ERROR_LOG.rawValue
        if configuration.tls != nil { flags |= MHD_USE_TLS.rawValue }
        let started = Self.withTLS(configuration.tls) { key, certificate in
            options.pointee.key_pem = key
            options.pointee.certificate_pem = certificate
            return mhd_start(UInt32(flags), options)
        }
        let said = core.takeStartMessages()
        guard let started else {
            options.deallocate()
            let advice =
                configuration.tls == nil ? "" : " Check that the certificate and the key are PEM and belong together."
            throw ServerStartError(
                "The server could not start: \(said.isEmpty ? "no reason was given." : said)\(advice)"
            )
        }
        handle = started
    }

    deinit {
        stop()
        options.deallocate()
    }

    /// Closes every connection and joins the threads.
    ///
    /// Nothing may be suspended when this is called, and nothing be resumed after it. Calling it again does nothing.
    func stop() {
        guard
            isStopped.withLock({ stopped in
                let first = !stopped; stopped = true; return first
            })
        else { return }
        MHD_stop_daemon(handle)
    }

    private static func options(_ configuration: HTTPServer.Configuration, _ core: ServerCore) -> mhd_start_options {
        var options = mhd_start_options()
        options.context = Unmanaged.passUnretained(core).toOpaque()
        options.handler = { context, connection, url, method, version, piece, size, exchange in
            guard let context, let connection, let url, let method, let size, let exchange else { return .NO }
            let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
            return RequestDispatcher(core: core, connection: connection, url: url, method: method)
                .handle(exchange, version: version, piece: piece, size: size)
        }
        options.completed = { _, _, context, _ in
            guard let context, let exchange = RequestDispatcher.exchange(context.pointee) else { return }
            exchange.completed()
            Unmanaged.passUnretained(exchange).release()
            context.pointee = nil
        }
        options.target = { context, target, connection in
            guard let context, let target, let connection else { return nil }
            let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
            return RequestDispatcher.note(target: target, core: core, connection: connection)
        }
        options.log = { context, message in
            guard let context, let message else { return }
            Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue().note(String(cString: message))
        }
        options.connection = { context, socket, open in
            guard let context else { return }
            let watch = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue().hangups
            if open != 0 { watch.opened(socket) } else { watch.closed(socket) }
        }
        // Half of a connection's memory is its first read buffer; above 32 KiB the library maps it, so that pages that
        // are never touched cost nothing, which is what keeps a waiting event stream small.
        options.pool_bytes = max(36 << 10, configuration.maxHeaderBytes * 2 + (4 << 10))
        options.threads = UInt32(max(1, configuration.threads))
        options.connections = UInt32(max(Int(options.threads), configuration.maxConnections))
        options.connections_per_address = UInt32(configuration.maxConnectionsPerAddress ?? 0)
        options.idle_seconds = UInt32(max(1, configuration.idleTimeout))
        return options
    }

    private static func withTLS<Result>(
        _ tls: HTTPServer.Configuration.TLS?,
        _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let tls else { return body(nil, nil) }
        return tls.keyPEM.withCString { key in tls.certificatePEM.withCString { body(key, $0) } }
    }
}
