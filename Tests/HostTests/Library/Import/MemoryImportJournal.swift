import Synchronization

@testable import Host

/// A journal that lives as long as the process.
final class MemoryImportJournal: ImportJournal {
    private let stored = Mutex<[ImportEntry]>([])
    /// The imports whose files the library's tables know.
    let recorded = Mutex<Set<String>>([])
    /// What the library's tables are to know.
    let files = Mutex<[LibraryFile]>([])

    func begin(_ entries: [ImportEntry]) async throws {
        stored.withLock { $0 += entries }
    }

    func markRecorded(_ importID: String) async throws {
        _ = recorded.withLock { $0.insert(importID) }
        stored.withLock { entries in
            for index in entries.indices where entries[index].importID == importID { entries[index].isRecorded = true }
        }
    }

    func end(_ importID: String) async throws {
        stored.withLock { $0.removeAll { $0.importID == importID } }
    }

    func entries() async throws -> [ImportEntry] {
        stored.withLock { $0.sorted { ($0.importID, $0.index) < ($1.importID, $1.index) } }
    }

    func entries(of queueItemID: String) async throws -> [ImportEntry] {
        try await entries().filter { $0.queueItemID == queueItemID }
    }

    func recordedFiles(at paths: [String]) async throws -> [LibraryFile] {
        files.withLock { $0.filter { paths.contains($0.path) || !$0.subtitles.filter(paths.contains).isEmpty } }
    }
}
