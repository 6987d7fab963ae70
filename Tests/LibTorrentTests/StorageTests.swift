import FoundationEssentials
import PluginAPI
import Testing

@testable import LibTorrent

struct InterruptedMoveTests {
    private let scratch = Scratch()
    private let layout = TorrentLayout(
        files: [
            .init(index: 0, path: "Film/a", size: 50, offset: 0), .init(index: 1, path: "Film/b", size: 30, offset: 50),
        ],
        slots: 2,
        pieceCount: 1,
        pieceSize: 100
    )

    private func resolve() -> InterruptedMove.Outcome {
        InterruptedMove(from: scratch.path + "/old", to: scratch.path + "/new", layout: layout).resolve()
    }

    @Test("that had not begun begins anew")
    func notBegun() throws {
        try scratch.fill("old/Film/a", bytes: 50)
        try scratch.fill("old/Film/b", bytes: 30)
        try scratch.fill("new/Film/a", bytes: 20)
        #expect(resolve() == .undone)
        #expect(scratch.has("old/Film/a") && scratch.has("new/Film/a"))
    }

    @Test("that had renamed some files takes them back")
    func half() throws {
        try scratch.fill("new/Film/a", bytes: 50)
        try scratch.fill("old/Film/b", bytes: 30)
        #expect(resolve() == .undone)
        #expect(scratch.has("old/Film/a") && scratch.has("old/Film/b") && !scratch.has("new/Film/a"))
    }

    @Test("that had brought all files has arrived, whatever is left of the originals")
    func all() throws {
        try scratch.fill("new/Film/a", bytes: 50)
        try scratch.fill("new/Film/b", bytes: 30)
        try scratch.fill("old/Film/b", bytes: 30)
        #expect(resolve() == .arrived)
    }
}

struct ResumeFolderTests {
    private let scratch = Scratch()

    @Test("gives back what was written last, and not what was removed")
    func roundTrip() async throws {
        let folder = ResumeFolder(scratch.path + "/torrents")
        #expect(try await folder.all().isEmpty)
        try await folder.write(Data("old".utf8), id: "one", durably: true)
        try await folder.write(Data("new".utf8), id: "one", durably: false)
        try await folder.write(Data("other".utf8), id: "two", durably: false)
        await folder.remove("two")
        let all = try await folder.all()
        #expect(all.map(\.id) == ["one"])
        #expect(all.map(\.data) == [Data("new".utf8)])
    }

    @Test("passes over drafts that a crash has left, and what was set aside")
    func leftovers() async throws {
        let folder = ResumeFolder(scratch.path + "/torrents")
        _ = try await folder.all()
        try await folder.write(Data("x".utf8), id: "bad", durably: false)
        try scratch.fill("torrents/half.torrent-state.new", bytes: 3)
        await folder.setAside("bad")
        #expect(try await folder.all().isEmpty)
        #expect(scratch.has("torrents/bad.torrent-state.damaged"))
    }

    @Test("keeps what is known of the DHT apart from the torrents, and sets aside what is damaged")
    func nodes() async throws {
        let folder = ResumeFolder(scratch.path + "/torrents")
        #expect(try await folder.all().isEmpty)
        #expect(await folder.nodes() == nil)
        try await folder.write(nodes: Data("old".utf8))
        try await folder.write(nodes: Data("new".utf8))
        #expect(await folder.nodes() == Data("new".utf8))
        #expect(try await folder.all().isEmpty)
        await folder.setNodesAside()
        #expect(await folder.nodes() == nil)
        #expect(scratch.has("torrents/dht-state.damaged"))
    }

    @Test("says which folder cannot be written")
    func refused() async throws {
        let folder = ResumeFolder("/proc/nothing")
        let error = await #expect(throws: PluginError.self) { try await folder.all() }
        #expect(error?.message.contains("/proc/nothing") == true)
    }
}
