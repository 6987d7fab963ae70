import FoundationEssentials
import PluginAPI
import Testing

struct FinishedFoldersTests {
    /// A folder `complete` with a category and a download in it, beside something that is nobody's to delete.
    private final class World {
        let root: String

        init() throws {
            root = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "kinodock-" + UUID().uuidString
            for folder in ["complete/movies/Film", "elsewhere/Film"] {
                try FileManager.default.createDirectory(
                    atPath: "\(root)/\(folder)",
                    withIntermediateDirectories: true
                )
            }
            try Data([1]).write(to: URL(filePath: "\(root)/complete/movies/Film/film.mkv"))
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        var folders: FinishedFolders { FinishedFolders(["\(root)/complete", "\(root)/complete/movies"]) }

        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }
    }

    @Test("a file goes, and its folder with it, but not the category's")
    func deletes() throws {
        let world = try World()
        let location = try #require(world.folders.location(of: "\(world.root)/complete/movies/Film/film.mkv"))
        try world.folders.delete(location)
        #expect(!world.exists("complete/movies/Film") && world.exists("complete/movies"))
    }

    @Test(
        "nothing else is anybody's own",
        arguments: [
            "complete", "complete/movies", "elsewhere/Film", "complete/movies/../../elsewhere/Film",
            "complete/movies/..",
            "complete/movies/Other", "complete/link/Film",
        ]
    )
    func refuses(path: String) throws {
        let world = try World()
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.root)/complete/link",
            withDestinationPath: "\(world.root)/elsewhere"
        )
        #expect(world.folders.location(of: "\(world.root)/\(path)") == nil)
    }

    @Test("relative paths and folders that cannot be seen count for nothing")
    func unseen() throws {
        #expect(FinishedFolders(["Downloads/complete", "/no/such/folder"]).location(of: "/no/such/folder/x") == nil)
        #expect(FinishedFolders(["/"]).location(of: "/etc/passwd") == nil)
    }
}
