import Glibc
import Synchronization

@testable import Host

/// Ends a simulated process at its Nth change of the disk or the journal.
final class KillSwitch: Sendable {
    struct Killed: Error {}

    private let left: Mutex<Int>
    /// Whether the last change still happens before the process ends.
    let isAfter: Bool

    init(after steps: Int, isAfter: Bool) {
        left = Mutex(steps)
        self.isAfter = isAfter
    }

    var isDead: Bool { left.withLock { $0 <= 0 } }

    /// Counts a change and answers whether it may happen.
    func mayHappen() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return left > 0 || isAfter
        }
    }
}

/// The real file system of a process that may end, with some operations refused as some file systems do.
struct KillableFileSystem: FileSystem {
    let base = LocalFileSystem()
    let killSwitch: KillSwitch
    var linkError: CInt?
    var exchangeError: CInt?
    var freeBytes: Int64?

    private func change(_ body: () throws(FileError) -> Void) throws(FileError) {
        let mayHappen = killSwitch.mayHappen()
        if mayHappen { try body() }
        guard !killSwitch.isDead else { throw dead }
    }

    private var dead: FileError { FileError(operation: "live", path: "", code: EIO) }

    private func look<Value>(_ body: () throws(FileError) -> Value) throws(FileError) -> Value {
        guard !killSwitch.isDead else { throw dead }
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
    func copy(_ source: String, to target: String, progress: (Int64) -> Bool) throws(FileError) {
        // A copy is many changes; half of it is on the disk when the process ends within it.
        guard killSwitch.mayHappen() else {
            if !killSwitch.isAfter { try? writeHalf(of: source, to: target) }
            throw dead
        }
        try base.copy(source, to: target, progress: progress)
        guard !killSwitch.isDead else { throw dead }
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
        if killSwitch.mayHappen() { try await body() }
        guard !killSwitch.isDead else { throw KillSwitch.Killed() }
    }

    func begin(_ entries: [ImportEntry]) async throws { try await change { try await base.begin(entries) } }
    func update(_ entry: ImportEntry) async throws { try await change { try await base.update(entry) } }
    func markRecorded(_ importID: String) async throws { try await change { try await base.markRecorded(importID) } }
    func end(_ importID: String) async throws { try await change { try await base.end(importID) } }
    func entries() async throws -> [ImportEntry] { try await base.entries() }
    func entries(of queueItemID: String) async throws -> [ImportEntry] { try await base.entries(of: queueItemID) }
    func recordedFiles(at paths: [String]) async throws -> [LibraryFile] { try await base.recordedFiles(at: paths) }
}
