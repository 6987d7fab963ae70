internal import Dispatch
internal import Synchronization

/// Read-only connections, each lent to one thread at a time.
final class ReaderPool: Sendable {
    /// A connection on its way between threads.
    ///
    /// Unchecked: the pool hands each connection to one caller at a time, and the mutex orders one use before the next.
    private struct Lent: @unchecked Sendable {
        let connection: Connection
    }

    private let path: String
    private let size: Int
    private let free: Mutex<[Lent]>
    private let isClosed = Atomic(false)
    private let permits = DispatchSemaphore(value: 0)

    /// Opens all connections, so that a failure shows at start-up.
    init(path: String, size: Int, tuning: Tuning) throws {
        var opened: [Lent] = []
        for _ in 0..<size { opened.append(Lent(connection: try tuning.openReader(path: path))) }
        self.path = path
        self.size = size
        free = Mutex(opened)
        for _ in 0..<size { permits.signal() }
    }

    /// Runs `body` on a free connection, waiting for one, with the same snapshot of the database for all its queries.
    func read<T>(_ body: (Connection) throws -> T) throws -> T {
        permits.wait()
        defer { permits.signal() }
        guard !isClosed.load(ordering: .acquiring) else { throw DatabaseError.closed(path: path) }
        // The last one that came back: its cache is warm. A permit stands for a connection in the array.
        let lent = free.withLock { $0.removeLast() }
        defer { free.withLock { $0.append(lent) } }
        let connection = lent.connection
        try connection.execute("BEGIN")
        // Ending a transaction that only read cannot lose anything.
        defer { try? connection.execute("COMMIT") }
        return try body(connection)
    }

    /// Waits for the reads that run, then gives the connections back.
    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        for _ in 0..<size { permits.wait() }
        free.withLock { lent in
            for one in lent { one.connection.close() }
        }
        // Those who still wait shall wake and be told.
        for _ in 0..<size { permits.signal() }
    }
}
