import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("Settings")
struct SettingsTests {
    @Test("the form and the settings have the same keys")
    func keys() {
        #expect(SettingsKeys.differences(in: TorznabIndexer.self) == [])
    }

    @Test("numbers are read as texts too, and categories in every form")
    func reading() throws {
        let json =
            #"{"url":"http://a","categories":["2040"," 5040"],"timeoutSeconds":"7","minimumSeeders":2,"path":""}"#
        let settings = try JSONDecoder().decode(TorznabSettings.self, from: Data(json.utf8))
        #expect(settings.categories == [2040, 5040] && settings.timeoutSeconds == 7 && settings.minimumSeeders == 2)
        #expect(settings.path == "/api")
        for list in ["[2040,5040]", "\"2040, 5040\""] {
            let other = try JSONDecoder().decode(TorznabSettings.self, from: Data("{\"categories\":\(list)}".utf8))
            #expect(other.categories == [2040, 5040])
        }
    }

    @Test(
        "an address is put together as people copy it",
        arguments: [
            ("http://a:1/x", "/api", "http://a:1/x/api"), ("http://a:1/x/", "api/", "http://a:1/x/api"),
            (" https://a/x/api ", "/api", "https://a/x/api"), ("HTTP://a", "/API", "HTTP://a/API"),
            ("http://a/api", "/api", "http://a/api"), ("http://a", "/", "http://a"),
        ]
    )
    func address(url: String, path: String, expected: String) throws {
        var settings = TorznabSettings()
        (settings.url, settings.path) = (url, path)
        #expect(try IndexerAddress(settings).api == expected)
    }

    @Test(
        "an address that makes no sense, or holds a key, is refused with its field",
        arguments: [
            ("", "/api", "url"), ("a:1", "/api", "url"), ("http://", "/api", "url"), ("ftp://a", "/api", "url"),
            ("http://a/api?apikey=1", "/api", "url"), ("http://u:p@a", "/api", "url"), ("http://a b", "/api", "url"),
            ("http:///x", "/api", "url"), ("http://a", "/api?x=1", "path"), ("http://a", "/a b", "path"),
        ]
    )
    func refused(url: String, path: String, field: String) {
        var settings = TorznabSettings()
        (settings.url, settings.path) = (url, path)
        let error = #expect(throws: PluginError.self) { try IndexerAddress(settings) }
        #expect(error?.code.value == .invalid && error?.field == field)
    }
}
