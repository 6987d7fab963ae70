internal import Dispatch
internal import Glibc
internal import Synchronization

/// The one thread that writes, so that no task waits for the disk on a thread of the cooperative pool.
///
/// Changes that wait together share one transaction and so one sync of the disk (group commit).
///
/// Unchecked: `connection` is used only between `turn.wait()` and `turn.signal()`; the rest is Sendable itself.
final class Writer: @unchecked Sendable {
    private struct Inbox {
        var jobs: [any WriteJob] = []
        var isClosed = false
    }

    private let path: String
    let connection: Connection
    private let groupLimit: Int
    private let inbox = Mutex(Inbox())
    private let wake = DispatchSemaphore(value: 0)
    private let turn = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    /// The thread that has the turn, 0 for none: finds writes inside writes, which would wait for themselves.
    private let owner = Atomic<UInt>(0)
    /// The writer's own thread, 0 before it runs.
    private let writerThread = Atomic<UInt>(0)
    private let whenClosed: @Sendable () -> Void

    /// Takes over the connection and starts the thread.
    ///
    /// - Parameter whenClosed: called on the writer thread after the connection is closed.
    init(
        path: String,
        connection: sending Connection,
        groupLimit: Int,
        whenClosed: @escaping @Sendable () -> Void
    ) throws(DatabaseError) {
        self.path = path
        self.connection = connection
        self.groupLimit = groupLimit
        self.whenClosed = whenClosed
        turn.signal()
        try startThread()
    }

    /// Puts a change into the queue; a closed writer answers it at once.
    func submit(_ job: any WriteJob) {
        let (isAccepted, isFirst) = inbox.withLock { inbox in
            guard !inbox.isClosed else { return (false, false) }
            inbox.jobs.append(job)
            return (true, inbox.jobs.count == 1)
        }
        // The thread empties the queue each time that it wakes, so only the first of a queue wakes it.
        if isFirst { wake.signal() }
        if !isAccepted { job.finish(failure: DatabaseError.closed(path: path)) }
    }

    /// Runs one change in a transaction of its own on the calling thread.
    func writeNow<T>(_ body: (Connection) throws -> T) throws -> T {
        try exclusively {
            guard !inbox.withLock({ $0.isClosed }) else { throw DatabaseError.closed(path: path) }
            try connection.execute("BEGIN IMMEDIATE")
            do {
                let value = try body(connection)
                try connection.execute("COMMIT")
                return value
            } catch {
                rollBack()
                throw error
            }
        }
    }

    /// Runs `body` with the connection outside a transaction.
    func withConnection<T>(_ body: (Connection) throws -> T) throws -> T {
        try exclusively {
            guard !inbox.withLock({ $0.isClosed }) else { throw DatabaseError.closed(path: path) }
            return try body(connection)
        }
    }

    /// Ends the thread after the changes that wait, and closes the connection.
    func close() {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.isClosed = true }
            return !inbox.isClosed
        }
        guard isFirst else { return }
        wake.signal()
        // The last owner of the database may let go of it inside a write; a thread cannot wait for its own end.
        let thread = Self.currentThread
        let isOwnEnd = thread == writerThread.load(ordering: .acquiring) || thread == owner.load(ordering: .relaxed)
        if !isOwnEnd { ended.wait() }
    }

    private func exclusively<T>(_ body: () throws -> T) rethrows -> T {
        let thread = Self.currentThread
        precondition(owner.load(ordering: .relaxed) != thread, "a write inside a write would wait for itself for ever")
        turn.wait()
        owner.store(thread, ordering: .relaxed)
        defer {
            owner.store(0, ordering: .relaxed)
            turn.signal()
        }
        return try body()
    }

    private static var currentThread: UInt { UInt(pthread_self()) }
}

// MARK: The thread

extension Writer {
    private func startThread() throws(DatabaseError) {
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            nil,
            { argument in
                // The pointer is the one passed below, retained for this thread.
                let writer = Unmanaged<Writer>.fromOpaque(argument!).takeRetainedValue()
                writer.runUntilClosed()
                return nil
            },
            retained.toOpaque()
        )
        guard code == 0 else {
            retained.release()
            throw DatabaseError(code: code, path: path)
        }
        pthread_detach(thread)
    }

    private func runUntilClosed() {
        writerThread.store(Self.currentThread, ordering: .releasing)
        var isOpen = true
        while isOpen {
            wake.wait()
            isOpen = emptyInbox()
        }
        exclusively { connection.close() }
        whenClosed()
        ended.signal()
    }

    /// Writes until no change waits; `false` if none will come any more.
    private func emptyInbox() -> Bool {
        while true {
            let (group, isClosed) = nextGroup()
            if group.isEmpty { return !isClosed }
            exclusively { commit(group) }
        }
    }

    private func nextGroup() -> (group: [any WriteJob], isClosed: Bool) {
        inbox.withLock { inbox in
            let group = Array(inbox.jobs.prefix(groupLimit))
            inbox.jobs.removeFirst(group.count)
            return (group, inbox.isClosed)
        }
    }
}
