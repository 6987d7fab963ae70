import PluginAPI
import Testing

@testable import LibTorrent

struct PlacesTests {
    private let folders = HostFolders(data: "/data", downloads: "/data/downloads")

    private func places(_ wish: String?, save: String = "", incomplete: String = "") throws -> DownloadPlaces {
        var settings = LibTorrentSettings()
        (settings.savePath, settings.incompletePath) = (save, incomplete)
        return try DownloadPlaces(wish, settings: settings, folders: folders)
    }

    @Test("are what the request says, else the settings, else the host")
    func order() throws {
        #expect(try places("/wish/", save: "/set").final == "/wish")
        #expect(try places(nil, save: "/set//films/./").final == "/set/films")
        #expect(try places(nil).final == "/data/downloads")
    }

    @Test("have one for unfinished downloads only if it is another one")
    func incomplete() throws {
        #expect(try places(nil, save: "/a", incomplete: "/b").incomplete == "/b")
        #expect(try places(nil, save: "/a", incomplete: "/a/").incomplete == nil)
        #expect(try places(nil, save: "/a").incomplete == nil)
    }

    @Test("are absolute and do not climb", arguments: ["films", "../films", "/a/../../etc", "/", "", "/a\0b"])
    func refused(path: String) {
        let error = #expect(throws: PluginError.self) { try places(path) }
        #expect(error?.code == .known(.invalid))
        #expect(error?.field == "save_path")
    }
}
