import FoundationEssentials
import Glibc
import PluginAPI
import Testing

@testable import Host

@Suite("Folders of instances")
struct InstanceFoldersTests {
    private let root: TemporaryFolder
    private let folders: InstanceFolders

    init() throws {
        root = try TemporaryFolder()
        folders = InstanceFolders(dataDirectory: root.path)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test("are made when they are asked for, and the same ones are given again")
    func made() throws {
        #expect(!exists(folders.instances) && !exists(folders.downloads))
        let first = try folders.make(for: "one")
        #expect(exists(first.data) && exists(first.downloads))
        try Data("kept".utf8).write(to: URL(filePath: first.data + "/file"))
        #expect(try folders.make(for: "one") == first)
        #expect(exists(first.data + "/file"))
        #expect(try folders.make(for: "two").data != first.data)
        #expect(try folders.make(for: "two").downloads == first.downloads)
    }

    @Test("are for the server's user alone, but for downloads")
    func modes() throws {
        let made = try folders.make(for: "one")
        var status = stat()
        #expect(stat(made.data, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat(made.downloads, &status) == 0 && status.st_mode & 0o777 == 0o755)
    }

    @Test("that cannot be made are an error that names the path")
    func unmakeable() throws {
        try Data().write(to: URL(filePath: folders.instances))
        let error = #expect(throws: PluginError.self) { try folders.make(for: "one") }
        #expect(error?.code == .known(.internal))
        #expect(error?.message.contains(folders.instances + "/one") == true)
    }

    @Test("go with their instance, and those of unknown ones at a start; downloads stay")
    func removed() throws {
        let (one, two) = (try folders.make(for: "one"), try folders.make(for: "two"))
        let three = try folders.make(for: "three")
        folders.remove("one")
        #expect(!exists(one.data) && exists(two.data))
        folders.removeAll(but: ["two"])
        #expect(exists(two.data) && !exists(three.data) && exists(two.downloads))
    }

    @Test("are removed when the registry deletes an instance, and when it is given to another plugin")
    func registry() async throws {
        let world = try await HostWorld.with("one", "two")
        let folders = InstanceFolders(dataDirectory: world.folder.path)
        let (one, two) = (try folders.make(for: "id-one"), try folders.make(for: "id-two"))
        try await world.registry.delete("id-one")
        #expect(!exists(one.data) && exists(two.data))
        var other = try #require(await world.registry.instance("id-two"))
        other.implementation = "another"
        try await world.registry.save(other)
        #expect(!exists(two.data))
    }
}
