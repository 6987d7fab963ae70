import Glibc
import Testing

@testable import Host
@testable import PluginHosting

/// Sources that somebody writes to while they are copied.
@Suite(.timeLimit(.minutes(1)))
struct SourceChangeTests {
    private let folder: TemporaryFolder
    private let transfer: FileTransfer
    private let entry: ImportEntry

    init() throws {
        folder = try TemporaryFolder()
        let source = try folder.write("downloads/film.mkv", size: 30_000)
        // Long ago, so that any write shows, however coarse the clock of the file system.
        Self.setModified(source, seconds: 1_000_000)
        transfer = FileTransfer(files: KillableFileSystem(killSwitch: .off, linkError: EXDEV))
        entry = try transfer.plan(
            .init(
                importID: "i1",
                index: 0,
                queueItemID: "q1",
                source: source,
                target: folder.path + "/movies/Film.mkv",
                root: folder.path + "/movies"
            )
        )
    }

    private static func setModified(_ path: String, seconds: Int) {
        let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        _ = utimensat(AT_FDCWD, path, times, 0)
    }

    /// Writes other bytes over the source, as many as there were.
    private func rewrite() throws {
        try folder.write("downloads/film.mkv", size: 30_000, seed: 5)
    }

    private func failure(changing: () throws -> Void) -> ImportFailure? {
        do throws(ImportFailure) {
            _ = try transfer.place(entry) { step, _ in
                step == .comparing || (try? changing()) != nil
            }
            return nil
        } catch {
            return error
        }
    }

    @Test("takes no copy of a source that was rewritten in place meanwhile")
    func rewritten() throws {
        let failure = failure { try rewrite() }
        #expect(failure?.code == .sourceChanged)
        #expect(failure?.isRetryable == true)
        #expect(try LocalFileSystem().status(of: entry.target) == nil)
        try transfer.undo(entry)
        #expect(folder.tree("movies") == [])
    }

    @Test("notices a rewrite whose author has put the time back")
    func disguised() throws {
        let before = try #require(try LocalFileSystem().status(of: entry.source))
        let failure = failure {
            var tries = 0
            repeat {
                try rewrite()
                Self.setModified(entry.source, seconds: 1_000_000)
                tries += 1
            } while try LocalFileSystem().status(of: entry.source)?.changed == before.changed && tries < 100_000
        }
        #expect(try LocalFileSystem().status(of: entry.source)?.modified == before.modified)
        #expect(failure?.code == .sourceChanged)
    }

    @Test("copies a source that nobody touches")
    func untouched() throws {
        #expect(failure {} == nil)
        #expect(TemporaryFolder.content(entry.target) == TemporaryFolder.content(entry.source))
    }
}
