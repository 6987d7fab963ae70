import FoundationEssentials
import Testing

@testable import Host

/// A library folder that may be the mount point of a disk.
struct LibraryDiskTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let root: String
    private let disk: LibraryDisk

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/kinodock.sqlite")
        root = try folder.makeFolder("movies")
        disk = LibraryDisk(store: store, files: LocalFileSystem())
    }

    private func addFile(exists: Bool) async throws {
        let title = Title(id: "t", kind: .movie, title: "Film", added: Date(timeIntervalSince1970: 0))
        let path = root + "/Film/Film.mkv"
        if exists { try folder.write("movies/Film/Film.mkv", size: 10) }
        let file = LibraryFile(
            id: "f",
            titleID: title.id,
            path: path,
            size: 10,
            quality: "DVD",
            subtitles: [],
            queueID: nil,
            added: title.added
        )
        let imported = ImportedDownload(
            importID: "i",
            title: title,
            media: .init(titleID: title.id, kind: .movie),
            files: [file],
            replaced: []
        )
        try await store.record(imported, item: .sample("q"), now: title.added)
    }

    @Test("refuses a folder on another disk that has none of the library's files, and says so")
    func unmounted() async throws {
        try await addFile(exists: false)
        try await store.setDevice(4_000_000, ofLibraryFolder: root)
        let failure = #expect(throws: ImportFailure.self) { try disk.check(root) }
        #expect(failure?.code == .rootFolderMissing && failure?.isRetryable == true)
        #expect(failure?.message.contains("not mounted") == true)
    }

    @Test("takes a disk with another number that has the files")
    func renumbered() async throws {
        try await addFile(exists: true)
        try await store.setDevice(4_000_000, ofLibraryFolder: root)
        try disk.check(root)
        await disk.remember(root)
        #expect(try store.device(ofLibraryFolder: root) != 4_000_000)
    }

    @Test("takes the same disk though somebody has removed the files, and a folder that is new")
    func emptied() async throws {
        try disk.check(root)
        try await addFile(exists: false)
        try disk.check(root)
        await disk.remember(root)
        try disk.check(root)
        #expect(try store.device(ofLibraryFolder: root) == LocalFileSystem().status(of: root)?.identity.device)
    }
}
