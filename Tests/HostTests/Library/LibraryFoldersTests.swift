import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host

/// What a start makes of the library's folders.
struct LibraryFoldersTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.makeFolder("data")
        _ = try folder.makeFolder("disk")
    }

    /// Starts with a library; answers the warnings.
    @discardableResult
    private func start(library: String) throws -> [String] {
        let configuration = ServerConfiguration(
            dataDirectory: folder.path + "/data",
            pluginFolders: [],
            runnerPath: "",
            libraryDirectory: folder.path + "/" + library
        )
        let sink = Sink()
        let logger = Logger(level: .warning, redactor: Redactor(), clock: SystemClock()) { sink.add($0) }
        try DataFolder(configuration).prepareLibrary(logger: logger)
        return sink.lines
    }

    private final class Sink: Sendable {
        private let kept = Mutex<[String]>([])
        var lines: [String] { kept.withLock { $0 } }
        func add(_ line: [UInt8]) { kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }

    private func isThere(_ name: String) throws -> Bool {
        try LocalFileSystem().status(of: folder.path + "/" + name)?.kind == .folder
    }

    /// Leaves the mount point without what was on the disk.
    private func unmount(_ name: String) {
        for part in ["/movies", "/tv"] { rmdir(folder.path + "/" + name + part) }
    }

    @Test("makes the folders on the first start with them", arguments: ["data/library", "disk/library"])
    func first(library: String) throws {
        #expect(try start(library: library).isEmpty)
        #expect(try isThere(library + "/movies"))
        #expect(try isThere(library + "/tv"))
    }

    @Test("does not make a folder again whose disk is not there, and warns of it")
    func unmounted() throws {
        try start(library: "disk/library")
        unmount("disk/library")
        let warnings = try start(library: "disk/library")
        #expect(warnings.count == 2)
        #expect(warnings.first?.contains("mount its disk") == true)
        #expect(try !isThere("disk/library/movies"))
    }

    @Test("remembers a folder that it did not make itself")
    func found() throws {
        _ = try folder.makeFolder("disk/library/movies")
        _ = try folder.makeFolder("disk/library/tv")
        try start(library: "disk/library")
        unmount("disk/library")
        #expect(try start(library: "disk/library").count == 2)
    }

    @Test("makes the folders of the default library at every start")
    func inside() throws {
        try start(library: "data/library")
        unmount("data/library")
        #expect(try start(library: "data/library").isEmpty)
        #expect(try isThere("data/library/movies"))
    }

    @Test("takes a link out of the data folder for another disk")
    func linkedOut() throws {
        symlink(folder.path + "/disk", folder.path + "/data/library")
        try start(library: "data/library")
        unmount("disk")
        #expect(try start(library: "data/library").count == 2)
        #expect(try !isThere("disk/movies"))
    }

    @Test("makes the folders of another library, too")
    func other() throws {
        try start(library: "disk/library")
        #expect(try start(library: "disk/second").isEmpty)
        #expect(try isThere("disk/second/tv"))
    }

    @Test("makes nothing when its list cannot be read")
    func damaged() throws {
        try folder.write("data/library-folders.json", Array("{".utf8))
        #expect(try start(library: "disk/library").count == 2)
        #expect(try !isThere("disk/library"))
    }
}
