import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite(.timeLimit(.minutes(1)))
struct FileTransferTests {
    private let folder: TemporaryFolder
    private let source: String
    private let target: String

    init() throws {
        folder = try TemporaryFolder()
        source = try folder.write("downloads/film.mkv", size: 30_000)
        target = folder.path + "/movies/Film/Film.mkv"
    }

    private func order(replaces: String? = nil, canMove: Bool = false) -> FileTransfer.Order {
        .init(
            importID: "i1",
            index: 0,
            queueItemID: "q1",
            source: source,
            target: target,
            root: folder.path,
            replaces: replaces,
            mayMoveSource: canMove
        )
    }

    private func files(linkError: CInt? = nil, freeBytes: Int64? = nil) -> KillableFileSystem {
        .init(killSwitch: .off, linkError: linkError, freeBytes: freeBytes)
    }

    @Test("links where it can, so that both names share the bytes")
    func hardlink() throws {
        let transfer = FileTransfer(files: LocalFileSystem())
        #expect(try transfer.place(try transfer.plan(order())) == .hardlink)
        let status = try LocalFileSystem().status(of: target)
        #expect(try status == LocalFileSystem().status(of: source))
        #expect(status?.linkCount == 2)
    }

    @Test("copies where the file system refuses links", arguments: [EXDEV, EPERM, EMLINK, ENOTSUP, ENOSYS])
    func fallback(code: CInt) throws {
        let transfer = FileTransfer(files: files(linkError: code))
        #expect(try transfer.place(try transfer.plan(order())) == .copy)
        #expect(TemporaryFolder.content(target) == TemporaryFolder.content(source))
        #expect(folder.tree("movies") == ["Film/Film.mkv"])
    }

    @Test("does not copy when the link failed for another reason", arguments: [EIO, ENOSPC, EROFS])
    func noFallback(code: CInt) throws {
        let transfer = FileTransfer(files: files(linkError: code))
        let entry = try transfer.plan(order())
        #expect(throws: ImportFailure.self) { try transfer.place(entry) }
        #expect(folder.tree("movies") == [])
    }

    @Test("looks at the free space only when it has to copy")
    func freeSpace() throws {
        let full = FileTransfer(files: files(linkError: EXDEV, freeBytes: 1000))
        let entry = try full.plan(order())
        let failure = #expect(throws: ImportFailure.self) { try full.place(entry) }
        #expect(failure?.code == .notEnoughSpace)
        #expect(failure?.isRetryable == true)
        let linking = FileTransfer(files: files(freeBytes: 1000))
        #expect(try linking.place(entry) == .hardlink)
    }

    @Test("copies to another file system and reports its progress")
    func otherDevice() throws {
        guard let other = try? TemporaryFolder(in: "/dev/shm"),
            try LocalFileSystem().status(of: other.path)?.identity.device
                != LocalFileSystem().status(of: folder.path)?.identity.device
        else {
            try Test.cancel("this machine has no second file system at /dev/shm")
        }
        let target = other.path + "/movies/Film.mkv"
        var order = order()
        order.target = target
        let transfer = FileTransfer(files: LocalFileSystem())
        let seen = Mutex<[TransferStep: Int64]>([:])
        let mode = try transfer.place(try transfer.plan(order)) { step, done in
            seen.withLock { $0[step] = done }
            return true
        }
        #expect(mode == .copy)
        #expect(TemporaryFolder.content(target) == TemporaryFolder.content(source))
        #expect(seen.withLock { $0 } == [.copying: 30_000, .comparing: 30_000])
        #expect(other.tree() == ["movies/Film.mkv"])
    }

    @Test("takes no copy whose disk gives other bytes back")
    func faultyDisk() throws {
        var files = files(linkError: EXDEV)
        files.isFaulty = true
        let transfer = FileTransfer(files: files)
        let entry = try transfer.plan(order())
        let failure = #expect(throws: ImportFailure.self) { try transfer.place(entry) }
        #expect(failure?.code == .inputOutput && failure?.isRetryable == true)
        #expect(failure?.message.contains("the copy differs from the download") == true)
        #expect(try LocalFileSystem().status(of: target) == nil)
        try transfer.undo(entry)
        #expect(folder.tree("movies") == [])
    }

    @Test("begins no copy of a part of an import that does not fit as a whole")
    func wholeImport() throws {
        let transfer = FileTransfer(files: files(linkError: EXDEV, freeBytes: FileTransfer.reserve + 40_000))
        let entry = try transfer.plan(order())
        let failure = #expect(throws: ImportFailure.self) { try transfer.place(entry, before: 20_000) }
        #expect(failure?.code == .notEnoughSpace)
        #expect(try transfer.place(entry, before: 10_000) == .copy)
    }

    @Test("keeps the target when it is undone and the source has become another file")
    func lastCopy() throws {
        let transfer = FileTransfer(files: files(linkError: EXDEV))
        let entry = try transfer.plan(order())
        _ = try transfer.place(entry)
        try folder.write("downloads/other.mkv", size: 30_000, seed: 4)
        try LocalFileSystem().rename(folder.path + "/downloads/other.mkv", over: source)
        try transfer.undo(entry)
        #expect(TemporaryFolder.content(target) == TemporaryFolder.bytes(30_000, seed: 1))
    }

    @Test("knows the replaced file again when its disk has got another device number")
    func otherDeviceNumber() throws {
        try folder.write("movies/Film/Film.mkv", size: 10_000, seed: 2)
        let transfer = FileTransfer(files: LocalFileSystem())
        let entry = try transfer.plan(order(replaces: target))
        _ = try transfer.place(entry)
        try transfer.undo(try entry.onAnotherDevice)
        #expect(TemporaryFolder.content(target) == TemporaryFolder.bytes(10_000, seed: 2))
        #expect(folder.tree("movies") == ["Film/Film.mkv"])
    }

    @Test("does not remove a source that is the target under another path")
    func sameNameTwice() throws {
        try folder.write("movies/Film/Film.mkv", size: 30_000)
        symlink(folder.path + "/movies/Film", folder.path + "/mount")
        var order = order(canMove: true)
        order.source = folder.path + "/mount/Film.mkv"
        let transfer = FileTransfer(files: LocalFileSystem())
        let entry = try transfer.plan(order)
        _ = try transfer.place(entry)
        try transfer.finish(entry)
        #expect(TemporaryFolder.content(target)?.count == 30_000)
    }

    @Test("stops a copy on request and leaves nothing behind", arguments: [TransferStep.copying, .comparing])
    func cancel(step: TransferStep) throws {
        let transfer = FileTransfer(files: files(linkError: EXDEV))
        let entry = try transfer.plan(order())
        let failure = #expect(throws: ImportFailure.self) { try transfer.place(entry) { now, _ in now != step } }
        #expect(failure?.code == .cancelled)
        try transfer.undo(entry)
        #expect(folder.tree("movies") == [])
        #expect(TemporaryFolder.content(source)?.count == 30_000)
    }

    @Test("takes an identical file at the target for its own", arguments: [false, true])
    func identical(isLink: Bool) throws {
        if isLink {
            try LocalFileSystem().makeFolder(FilePath.parent(of: target))
            try LocalFileSystem().link(source, to: target)
        } else {
            try folder.write("movies/Film/Film.mkv", size: 30_000)
        }
        let transfer = FileTransfer(files: LocalFileSystem())
        let entry = try transfer.plan(order())
        #expect(try transfer.place(entry) == (isLink ? .hardlink : .copy))
        try transfer.undo(entry)
        #expect(TemporaryFolder.content(target)?.count == 30_000, "what was there before the import stays")
    }

    @Test("refuses to replace a file that it was not told to replace")
    func occupied() throws {
        try folder.write("movies/Film/Film.mkv", size: 30_000, seed: 2)
        let failure = #expect(throws: ImportFailure.self) { try FileTransfer(files: LocalFileSystem()).plan(order()) }
        #expect(failure?.code == .targetExists)
    }

    @Test("does not replace a file that took the target's place after the plan")
    func race() throws {
        let transfer = FileTransfer(files: files(linkError: EXDEV))
        let entry = try transfer.plan(order())
        try folder.write("movies/Film/Film.mkv", size: 30_000, seed: 2)
        let failure = #expect(throws: ImportFailure.self) { try transfer.place(entry) }
        #expect(failure?.code == .targetExists)
        #expect(TemporaryFolder.content(target) == TemporaryFolder.bytes(30_000, seed: 2))
    }

    @Test("keeps the replaced file until the import is finished")
    func upgrade() throws {
        try folder.write("movies/Film/Film.mkv", size: 10_000, seed: 2)
        let transfer = FileTransfer(files: LocalFileSystem())
        let entry = try transfer.plan(order(replaces: target))
        _ = try transfer.place(entry)
        #expect(TemporaryFolder.content(target)?.count == 30_000)
        #expect(TemporaryFolder.content(entry.temporary)?.count == 10_000)
        try transfer.undo(entry)
        #expect(TemporaryFolder.content(target) == TemporaryFolder.bytes(10_000, seed: 2))
        let again = try transfer.plan(order(replaces: target))
        _ = try transfer.place(again)
        try transfer.finish(again)
        #expect(folder.tree("movies") == ["Film/Film.mkv"])
    }

    @Test("removes the source only when it may")
    func removesSource() throws {
        let transfer = FileTransfer(files: LocalFileSystem())
        let kept = try transfer.plan(order())
        _ = try transfer.place(kept)
        try transfer.finish(kept)
        #expect(TemporaryFolder.content(source) != nil)
        let moved = try transfer.plan(order(canMove: true))
        _ = try transfer.place(moved)
        try transfer.finish(moved)
        #expect(TemporaryFolder.content(source) == nil)
        #expect(TemporaryFolder.content(target)?.count == 30_000)
    }

    @Test("does not remove a source that is no longer the imported file")
    func changedSource() throws {
        let transfer = FileTransfer(files: files(linkError: EXDEV))
        _ = try transfer.place(try transfer.plan(order()))
        let movable = try transfer.plan(order(canMove: true))
        try folder.write("downloads/film.mkv", size: 31_000)
        try transfer.finish(movable)
        #expect(TemporaryFolder.content(source)?.count == 31_000)
    }

    @Test("refuses a source that is not an ordinary file")
    func link() throws {
        symlink(source, folder.path + "/downloads/link.mkv")
        var order = order()
        order.source = folder.path + "/downloads/link.mkv"
        let failure = #expect(throws: ImportFailure.self) { try FileTransfer(files: LocalFileSystem()).plan(order) }
        #expect(failure?.code == .pathRefused)
    }

    @Test("gives a hidden name that fits even beside the longest target")
    func partialName() {
        let name = String(repeating: "ü", count: 125) + ".mkv"
        let partial = FilePath.name(of: FileName.partial(of: "/movies/" + name, id: "0123456789-0"))
        #expect(partial.utf8.count <= 255)
        #expect(FileName.isPartial(partial))
    }
}

extension ImportEntry {
    /// The entry as it reads after a restart of the machine that numbers its disks anew.
    fileprivate var onAnotherDevice: ImportEntry {
        get throws {
            var json = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(self))
            guard case .object(var members) = json else { return self }
            for key in ["sourceIdentity", "occupant", "obsoleteIdentity"] {
                guard case .object(var identity)? = members[key] else { continue }
                identity["device"] = 4_000_000
                members[key] = .object(identity)
            }
            json = .object(members)
            return try JSONDecoder().decode(ImportEntry.self, from: JSONEncoder().encode(json))
        }
    }
}
