import PluginAPI
import Testing

@testable import LibTorrent

struct ManifestTests {
    @Test("has a form whose fields are the keys of its settings")
    func keys() {
        #expect(SettingsKeys.differences(in: LibTorrentClient.self) == [])
    }
}
