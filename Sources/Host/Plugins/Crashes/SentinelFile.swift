import CCrashWitness
import Glibc

/// The two mappings of a sentinel: the file, and the counts of threads in shared memory.
///
/// They stay mapped until the process ends, because signal handlers and other threads hold pointers into them.
struct SentinelFile: @unchecked Sendable {
    // Unchecked: what several threads change in it are counters, in atomic steps; the rest its owner guards.
    let file: UnsafeMutablePointer<kinodock_witness_file>
    /// Only this process's own memory where the system gives no shared one: then a sudden end leaves no trace of calls.
    let counts: UnsafeMutablePointer<kinodock_witness_counts>
    private let countsName: String

    /// Maps the file at `path`, which is made when it is not there, and the counts that belong to it.
    ///
    /// What both hold is left as it is.
    ///
    /// - Throws: `CommandFailure` when the file cannot be made or mapped.
    init(_ path: String) throws(CommandFailure) {
        let size = MemoryLayout<kinodock_witness_file>.size
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        // Another size is another version's file, of which nothing is kept. The space is taken now: writing to a mapping
        // for which the disk has no room would crash the server.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
        if status.st_size != size, ftruncate(descriptor, 0) != 0 { throw Self.failure(path) }
        let fault = posix_fallocate(descriptor, 0, size)
        guard fault == 0 else {
            errno = fault
            throw Self.failure(path)
        }
        guard let memory = Self.map(descriptor, size) else { throw Self.failure(path) }
        file = memory.bindMemory(to: kinodock_witness_file.self, capacity: 1)
        countsName = "/kinodock-\(String(status.st_dev, radix: 16))-\(String(status.st_ino, radix: 16))"
        counts = Self.mapCounts(countsName)
    }

    /// Forgets what both hold.
    func clear() {
        memset(file, 0, MemoryLayout<kinodock_witness_file>.size)
        memset(counts, 0, MemoryLayout<kinodock_witness_counts>.size)
    }

    /// Takes the counts away from the system, which keeps them for as long as it runs.
    ///
    /// They can still be used.
    func forgetCounts() {
        shm_unlink(countsName)
    }

    private static func mapCounts(_ name: String) -> UnsafeMutablePointer<kinodock_witness_counts> {
        let size = MemoryLayout<kinodock_witness_counts>.size
        if let shared = openCounts(name, size) {
            return shared.bindMemory(to: kinodock_witness_counts.self, capacity: 1)
        }
        let own = UnsafeMutablePointer<kinodock_witness_counts>.allocate(capacity: 1)
        own.initialize(to: kinodock_witness_counts())
        return own
    }

    private static func openCounts(_ name: String, _ size: Int) -> UnsafeMutableRawPointer? {
        let descriptor = shm_open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Every user can make something of this name there.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0,
            posix_fallocate(descriptor, 0, size) == 0
        else { return nil }
        return map(descriptor, size)
    }

    private static func map(_ descriptor: Int32, _ size: Int) -> UnsafeMutableRawPointer? {
        let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        return memory == MAP_FAILED ? nil : memory
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path) cannot be kept: \(String(cString: strerror(errno)))")
    }
}
