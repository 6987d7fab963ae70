import Glibc
import Testing

@testable import Host

struct SafePathTests {
    @Test(
        "refuses what could leave the folder",
        arguments: [
            ("../a", SafePath.Refusal.leavesRoot), ("a/../../b", .leavesRoot), ("..", .leavesRoot),
            ("/etc/passwd", .absolute),
            ("", .empty), (".", .empty), ("./", .empty), ("a\0b", .controlCharacter), ("a\nb", .controlCharacter),
            (String(repeating: "x", count: 256), .componentTooLong),
            (String(repeating: "ü", count: 128), .componentTooLong),
            (String(repeating: "a/", count: 65), .tooDeep),
        ]
    )
    func refuses(text: String, refusal: SafePath.Refusal) {
        #expect(throws: refusal) { try SafePath(text) }
    }

    @Test(
        "accepts ordinary names",
        arguments: ["a", "a/b.mkv", "a..b/c", "...", "Ünïcode/千", String(repeating: "x", count: 255)]
    )
    func accepts(text: String) throws {
        #expect(try SafePath(text).components.joined(separator: "/") == text)
    }

    @Test("follows links inside the folder and refuses those that lead out")
    func links() throws {
        let folder = try TemporaryFolder()
        let root = try folder.makeFolder("root")
        let files = LocalFileSystem()
        try folder.write("root/real/a.mkv", size: 10)
        try folder.write("outside/b.mkv", size: 10)
        symlink(root + "/real", root + "/inner")
        symlink(folder.path + "/outside", root + "/outer")
        symlink("../outside/b.mkv", root + "/film.mkv")
        symlink(root + "/nowhere", root + "/dangling")
        #expect(try SafePath("inner/a.mkv").resolve(inside: root, on: files) == root + "/real/a.mkv")
        #expect(throws: SafePath.Refusal.linkLeavesRoot(folder.path + "/outside")) {
            try SafePath("outer/b.mkv").resolve(inside: root, on: files)
        }
        #expect(throws: SafePath.Refusal.self) { try SafePath("film.mkv").resolve(inside: root, on: files) }
        #expect(throws: SafePath.Refusal.self) { try SafePath("dangling/x").resolve(inside: root, on: files) }
    }

    @Test("answers the path of a file that does not exist yet")
    func new() throws {
        let folder = try TemporaryFolder()
        #expect(try SafePath("a/b/c").resolve(inside: folder.path, on: LocalFileSystem()) == folder.path + "/a/b/c")
    }
}
