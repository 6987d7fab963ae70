internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server on libmicrohttpd: a few threads with epoll, keep-alive, ranges, event streams and TLS.
///
/// It serves from the moment it is made until `stop`.
package final class HTTPServer: Sendable {
    /// The port that it listens on, the real one when the kernel chose.
    package let port: Int

    private let core: ServerCore
    private let daemon: Daemon
    private let acceptor: Acceptor
    private let isStopped = Mutex(false)

    /// Starts serving; throws a `ServerStartError` in words when it cannot.
    ///
    /// `accessLog` runs on the connections' threads and must not wait.
    package init(
        configuration: Configuration,
        router: Router,
        accessLog: (@Sendable (AccessRecord) -> Void)? = nil
    ) throws {
        let socket = try ListeningSocket(address: configuration.address, port: configuration.port)
        core = try ServerCore(configuration, router, accessLog)
        daemon = try Daemon(configuration, core)
        do {
            acceptor = try Acceptor(socket, for: daemon.handle, watching: core.hangups)
        } catch {
            daemon.stop()
            throw error
        }
        port = socket.port
    }

    deinit {
        // A stop that nobody asked for is a short one.
        if !isStopped.withLock({ $0 }) { finish() }
    }

    /// Stops: accepts no more, ends event streams, waits up to `limit` for the requests that run, then cancels them
    /// and tells their clients to come back.
    ///
    /// It returns when every connection is closed; calling it again does nothing.
    package func stop(within limit: Duration) async {
        guard
            isStopped.withLock({ stopped in
                let first = !stopped; stopped = true; return first
            })
        else { return }
        let deadline = ContinuousClock.now + limit
        await Self.offThread { [acceptor] in acceptor.stop() }
        core.enter(.draining)
        await settle(until: deadline)
        await Self.offThread { self.finish() }
    }

    private func settle(until deadline: ContinuousClock.Instant) async {
        while core.liveCount > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
            // A cancelled caller is in a hurry: sleeping would return at once and this loop would spin.
            if Task.isCancelled { return }
        }
    }

    private func finish() {
        acceptor.stop()
        core.enter(.closing)
        // What was resumed just now gets a moment to send its last words.
        let deadline = ContinuousClock.now + .milliseconds(200)
        while core.liveCount > 0, ContinuousClock.now < deadline { usleep(2_000) }
        daemon.stop()
    }

    /// Runs something that blocks on a thread of its own, so that no task's thread waits.
    private static func offThread(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            OneShotThread.run {
                work()
                continuation.resume()
            }
        }
    }
}
