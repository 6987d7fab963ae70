internal import Glibc
internal import Synchronization

/// Remembers beside the database how it was left, so that a start reads the whole file only when that can find damage.
///
/// A check of all pages takes time in proportion to the file, too long for each start of a large library. What SQLite
/// itself promises needs no check: a process that is killed loses nothing, because the kernel has its writes and the log
/// covers the rest. Damage comes from outside: a power cut on a disk that lies about syncs, or a copy or a tool that
/// touched the file. So the mark holds
/// - `open BOOT` while it is used, with the kernel's id of this boot: found again with the same id, the process was
///   killed but the machine went on; with another id the machine went down under it, and the check is due;
/// - `closed SIZE SECONDS NANOSECONDS INODE` after an orderly end: if the file is still that one, nobody touched it.
/// Anything else, and a small file always, is checked in full. The mark itself needs no sync: whichever of its versions
/// survives a power cut, either the boot id or the file's time differs.
///
/// A shared lock on the mark tells whether other processes (a command beside the server) use the database.
final class ShutdownMark: Sendable {
    private let path: String
    private let databasePath: String
    /// The open mark, -1 without one: then each start checks in full.
    private let descriptor: Int32
    private let isReleased = Atomic(false)

    /// Opens the mark of a database; a folder that refuses it makes each start check in full.
    init(databasePath: String) {
        self.databasePath = databasePath
        path = databasePath + "-mark"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }

    deinit { release() }

    /// Whether the file has to be read in full now; marks it as in use and keeps a lock on the mark.
    ///
    /// - Parameter alwaysBelow: the size in bytes under which a check costs nothing worth saving.
    func beginUse(alwaysBelow: Int) -> Bool {
        guard descriptor >= 0 else { return true }
        // Another process that has it open has done the check, or does it now while it holds the lock alone.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            flock(descriptor, LOCK_SH)
            return false
        }
        let left = read()
        let identity = Self.identity(of: databasePath)
        let isSmall = (identity?.size ?? 0) < alwaysBelow
        let isTrusted = left == Self.openMark || (identity != nil && left == identity?.closedMark)
        return isSmall || !isTrusted
    }

    /// Says that the database is used from now on, after the check that `beginUse` asked for.
    func markOpen() {
        guard descriptor >= 0 else { return }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { write(Self.openMark ?? "") }
        // In both cases: an attempt to get a stronger lock lets go of the one that was held.
        flock(descriptor, LOCK_SH)
    }

    /// Notes an orderly end, if no other process uses the database.
    func endUse() {
        guard descriptor >= 0, !isReleased.load(ordering: .relaxed) else { return }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { write(Self.identity(of: databasePath)?.closedMark ?? "") }
        release()
    }

    /// Lets go of the lock without a word about how the database was left.
    func release() {
        guard !isReleased.exchange(true, ordering: .relaxed), descriptor >= 0 else { return }
        close(descriptor)
    }
}

extension ShutdownMark {
    private struct Identity {
        let size: Int
        let closedMark: String
    }

    private static func identity(of path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let time = status.st_mtim
        return Identity(
            size: Int(status.st_size),
            closedMark: "closed \(status.st_size) \(time.tv_sec) \(time.tv_nsec) \(status.st_ino)\n"
        )
    }

    private static var openMark: String? {
        readAll("/proc/sys/kernel/random/boot_id").map { "open " + $0 }
    }

    private static func readAll(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return read(descriptor)
    }

    private static func read(_ descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    private func read() -> String? { Self.read(descriptor) }

    private func write(_ text: String) {
        // What cannot be written leaves an empty mark, and that means a check.
        ftruncate(descriptor, 0)
        var text = text
        _ = text.withUTF8 { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
