import Glibc
import Synchronization

@testable import Host

/// Ends a simulated process, or only hurts it, at its Nth step on the disk or in the journal.
final class KillSwitch: Sendable {
    struct Killed: Error {}

    enum Manner: Sendable, CaseIterable {
        /// The process ends instead of its Nth change.
        case killsBefore
        /// The process ends right after its Nth change.
        case killsAfter
        /// The Nth step fails, whether it changes something or only looks; all others succeed.
        case failsOnce
    }

    let manner: Manner
    private let left: Mutex<Int>

    init(after steps: Int, _ manner: Manner) {
        left = Mutex(steps)
        self.manner = manner
    }

    /// One that never does anything.
    static var off: KillSwitch { KillSwitch(after: .max, .killsAfter) }

    /// Whether the Nth step was reached.
    var isSpent: Bool { left.withLock { $0 <= 0 } }
    var isDead: Bool { manner != .failsOnce && isSpent }

    /// Counts a change and answers whether it may happen.
    func mayHappen() -> Bool {
        left.withLock { left in
            guard left > 0 else { return manner == .failsOnce }
            left -= 1
            return left > 0 || manner == .killsAfter
        }
    }

    func mayLook() -> Bool {
        manner == .failsOnce ? mayHappen() : !isDead
    }
}

/// The real file system of a process that may end, with some operations refused as some file systems do.
struct KillableFileSystem: FileSystem {
    let base = LocalFileSystem()
    let killSwitch: KillSwitch
    var linkError: CInt?
    var exchangeError: CInt?
    var freeBytes: Int64?
    /// Whether the disk keeps other bytes than it was given.
    var isFaulty = false

    private func change(_ body: () throws(FileError) -> Void) throws(FileError) {
        let mayHappen = killSwitch.mayHappen()
        if mayHappen { try body() }
        guard mayHappen, !killSwitch.isDead else { throw dead }
    }

    private var dead: FileError { FileError(operation: "live", path: "", code: EIO) }

    private func look<Value>(_ body: () throws(FileError) -> Value) throws(FileError) -> Value {
        guard killSwitch.mayLook() else { throw dead }
        return try body()
    }

    func status(of path: String) throws(FileError) -> FileStatus? {
        try look { () throws(FileError) in try base.status(of: path) }
    }
    func names(in folder: String) throws(FileError) -> [String] {
        try look { () throws(FileError) in try base.names(in: folder) }
    }
    func realPath(of path: String) throws(FileError) -> String {
        try look { () throws(FileError) in try base.realPath(of: path) }
    }
    func makeFolder(_ path: String) throws(FileError) {
        try change { () throws(FileError) in try base.makeFolder(path) }
    }
    func link(_ source: String, to target: String) throws(FileError) {
        if let linkError { throw FileError(operation: "link", path: target, code: linkError) }
        try change { () throws(FileError) in try base.link(source, to: target) }
    }
    func copy(_ source: String, to target: String, progress: (Int64) -> Bool) throws(FileError) -> [UInt8]? {
        // A copy is many changes; half of it is on the disk when the process ends within it.
        guard killSwitch.mayHappen() else {
            try? writeHalf(of: source, to: target)
            throw dead
        }
        let digest = try base.copy(source, to: target, progress: progress)
        if isFaulty { overwriteOneByte(of: target) }
        guard !killSwitch.isDead else { throw dead }
        return digest
    }
    func storedDigest(of path: String, progress: (Int64) -> Bool) throws(FileError) -> [UInt8] {
        try look { () throws(FileError) in try base.storedDigest(of: path, progress: progress) }
    }
    func rename(_ source: String, toNew target: String) throws(FileError) {
        try change { () throws(FileError) in try base.rename(source, toNew: target) }
    }
    func exchange(_ first: String, with second: String) throws(FileError) {
        if let exchangeError { throw FileError(operation: "exchange", path: second, code: exchangeError) }
        try change { () throws(FileError) in try base.exchange(first, with: second) }
    }
    func rename(_ source: String, over target: String) throws(FileError) {
        try change { () throws(FileError) in try base.rename(source, over: target) }
    }
    func removeFile(_ path: String) throws(FileError) {
        try change { () throws(FileError) in try base.removeFile(path) }
    }
    func removeEmptyFolder(_ path: String) throws(FileError) {
        try change { () throws(FileError) in try base.removeEmptyFolder(path) }
    }
    func syncFolder(_ path: String) throws(FileError) {
        try look { () throws(FileError) in try base.syncFolder(path) }
    }
    func freeSpace(at path: String) throws(FileError) -> Int64 {
        if let freeBytes { return freeBytes }
        return try look { () throws(FileError) in try base.freeSpace(at: path) }
    }
    func checkWritable(_ folder: String) throws(FileError) {
        try look { () throws(FileError) in try base.checkWritable(folder) }
    }
    func read(_ path: String, from offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        try look { () throws(FileError) in try base.read(path, from: offset, count: count) }
    }

    private func overwriteOneByte(of path: String) {
        let descriptor = open(path, O_RDWR)
        defer { close(descriptor) }
        var byte: UInt8 = 0
        _ = pread(descriptor, &byte, 1, 20_000)
        byte ^= 1
        _ = pwrite(descriptor, &byte, 1, 20_000)
    }

    private func writeHalf(of source: String, to target: String) throws {
        let bytes = try base.read(source, from: 0, count: 1 << 22)
        let descriptor = open(target, O_WRONLY | O_CREAT, 0o644)
        defer { close(descriptor) }
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count / 2) }
    }
}

/// A journal that survives the end of the process which writes to it.
struct KillableJournal: ImportJournal {
    let base: MemoryImportJournal
    let killSwitch: KillSwitch

    private func change(_ body: () async throws -> Void) async throws {
        let mayHappen = killSwitch.mayHappen()
        if mayHappen { try await body() }
        guard mayHappen, !killSwitch.isDead else { throw KillSwitch.Killed() }
    }

    private func look<Value>(_ body: () async throws -> Value) async throws -> Value {
        guard killSwitch.mayLook() else { throw KillSwitch.Killed() }
        return try await body()
    }

    func begin(_ entries: [ImportEntry]) async throws { try await change { try await base.begin(entries) } }
    func markRecorded(_ importID: String) async throws { try await change { try await base.markRecorded(importID) } }
    func end(_ importID: String) async throws { try await change { try await base.end(importID) } }
    func entries() async throws -> [ImportEntry] { try await look { try await base.entries() } }
    func entries(of queueItemID: String) async throws -> [ImportEntry] {
        try await look { try await base.entries(of: queueItemID) }
    }
    func recordedFiles(at paths: [String]) async throws -> [LibraryFile] {
        try await look { try await base.recordedFiles(at: paths) }
    }
}
