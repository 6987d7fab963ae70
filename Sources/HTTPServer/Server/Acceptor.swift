internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// Accepts connections on a thread of its own and hands them to the daemon; the same thread tends the watch for
/// hang-ups.
///
/// The library's own listening would wake every thread for each client, spread the clients unevenly, and could not be
/// told to stop without a race that ends the process; so it gets its connections from here.
///
/// `@unchecked Sendable`: the daemon's `MHD_add_connection` may be called from any thread while it runs, and `stop`
/// joins the thread before the daemon is stopped.
final class Acceptor: @unchecked Sendable {
    private let socket: ListeningSocket
    private let daemon: OpaquePointer
    private let hangups: HangupWatch
    private let wake: Int32
    private let thread = Mutex<pthread_t?>(nil)

    /// Starts accepting.
    init(_ socket: ListeningSocket, for daemon: OpaquePointer, watching hangups: HangupWatch) throws {
        self.socket = socket
        self.hangups = hangups
        self.daemon = daemon
        wake = mhd_wake_descriptor()
        guard wake >= 0 else { throw ServerStartError("Cannot start: too many files are open.") }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Acceptor>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            context.toOpaque()
        )
        guard code == 0 else {
            context.release()
            throw ServerStartError("Cannot start a thread: \(String(cString: strerror(code))).")
        }
        self.thread.withLock { $0 = thread }
    }

    deinit {
        close(wake)
    }

    /// Stops accepting and waits for the thread; clients that are still in the kernel's queue are turned away when
    /// the socket closes.
    ///
    /// Calling it again does nothing.
    func stop() {
        guard
            let running = thread.withLock({ thread in
                let running = thread; thread = nil; return running
            })
        else {
            return
        }
        eventfd_write(wake, 1)
        pthread_join(running, nil)
        socket.shut()
    }

    private func run() {
        var waits = [
            pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hangups.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        var pause: Int32 = -1
        // Ends with the process or with `stop`, which makes the first descriptor readable for good.
        while true {
            waits[1].revents = 0
            _ = poll(&waits, 3, pause)
            if waits[0].revents != 0 { return }
            pause = hangups.work()
            if waits[1].revents != 0, !acceptAll() {
                // Out of descriptors: give clients time to leave, since the socket stays readable.
                _ = poll(&waits, 1, 100)
            }
        }
    }

    /// Accepts what waits, at most 64 at a time; `false` when the machine has nothing left to accept with.
    private func acceptAll() -> Bool {
        for _ in 0..<64 {
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let client = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                    let client = mhd_accept(socket.descriptor, peer, &length)
                    // A connection over a limit is closed by the call itself.
                    if client >= 0 { _ = MHD_add_connection(daemon, client, peer, length) }
                    return client
                }
            }
            if client >= 0 { continue }
            return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM
        }
        return true
    }
}
