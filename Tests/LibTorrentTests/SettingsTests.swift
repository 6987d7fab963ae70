import FoundationEssentials
import PluginAPI
import Testing

@testable import LibTorrent

struct SettingsTests {
    private func engine(_ change: (inout LibTorrentSettings) -> Void = { _ in }) -> [String: String] {
        var settings = LibTorrentSettings()
        change(&settings)
        return Dictionary(settings.session.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    @Test("have a form whose fields are their keys")
    func keys() {
        #expect(SettingsKeys.differences(in: LibTorrentClient.self) == [])
    }

    @Test("keep their defaults for what is empty, null or absent")
    func defaults() throws {
        let json = Data(#"{"savePath": "", "listenPort": null, "seedRatioLimit": "2.5", "dht": "false"}"#.utf8)
        let settings = try JSONDecoder().decode(LibTorrentSettings.self, from: json)
        var expected = LibTorrentSettings()
        (expected.seedRatioLimit, expected.dht) = (2.5, false)
        #expect(settings == expected)
    }

    @Test(
        "name interfaces with their port",
        arguments: [
            ("", "0.0.0.0:6881,[::]:6881"), ("127.0.0.1", "127.0.0.1:6881"), ("tun0", "tun0:6881"),
            ("::1", "[::1]:6881"), ("[::1], 10.0.0.2", "[::1]:6881,10.0.0.2:6881"),
        ]
    )
    func interfaces(address: String, expected: String) {
        #expect(engine { $0.listenAddress = address }["listen_interfaces"] == expected)
    }

    @Test("switch everything off that looks for peers by itself")
    func switches() {
        let off = engine { ($0.dht, $0.localDiscovery, $0.portMapping) = (false, false, false) }
        let on = engine()
        for name in ["enable_dht", "enable_lsd", "enable_upnp", "enable_natpmp"] {
            #expect(off[name] == "0")
            #expect(on[name] == "1")
        }
    }

    @Test(
        "mean encryption in the engine's numbers",
        arguments: [("require", "0", "2"), ("off", "2", "1"), ("prefer", "1", "3")]
    )
    func encryption(word: String, policy: String, level: String) throws {
        let encryption = try #require(LibTorrentSettings.Encryption(rawValue: word))
        let engine = engine { $0.encryption = encryption }
        #expect(engine["out_enc_policy"] == policy && engine["in_enc_policy"] == policy)
        #expect(engine["allowed_enc_level"] == level)
    }

    @Test("give limits in bytes, and -1 for as many downloads as there are")
    func limits() {
        let engine = engine { ($0.downloadLimit, $0.uploadLimit, $0.maxActiveDownloads) = (500, 20, 0) }
        #expect(engine["download_rate_limit"] == "500000" && engine["upload_rate_limit"] == "20000")
        #expect(engine["active_downloads"] == "-1")
    }

    @Test("name the entries to the DHT, or the usual ones")
    func entries() {
        #expect(engine { $0.dhtNodes = "a.example:1, b.example:2" }["dht_bootstrap_nodes"] == "a.example:1,b.example:2")
        #expect(engine()["dht_bootstrap_nodes"]?.contains("router.bittorrent.com:6881") == true)
    }

    @Test("open nothing while there is nothing to transfer")
    func offline() {
        let offline = LibTorrentSettings.offline
        #expect(Set(offline.map(\.name)).isSubset(of: LibTorrentSettings().network.map(\.name)))
        #expect(offline.allSatisfy { $0.value == "" || $0.value == "0" })
    }

    @Test("say when sharing ends, unless the torrent has limits of its own")
    func sharing() {
        var settings = LibTorrentSettings()
        var notes = TorrentNotes(id: "x", hashes: InfoHashes(), savePath: "/x", added: .distantPast)
        notes.hasOwnLimits = false
        (settings.seedRatioLimit, settings.seedTimeLimit) = (3, 60)
        #expect(notes.sharing(settings) == (3, 60))
        settings.seedForever = true
        #expect(notes.sharing(settings) == (nil, nil))
        // As an earlier version has written it.
        for hasOwn in [true, nil] {
            (notes.hasOwnLimits, notes.seedRatioLimit) = (hasOwn, 2)
            #expect(notes.sharing(settings) == (2, nil))
        }
    }

    @Test("are refused with folders that are no absolute paths")
    func folders() {
        var settings = LibTorrentSettings()
        settings.incompletePath = "films"
        let error = #expect(throws: PluginError.self) { try LibTorrentClient(settings: settings, host: RecordedHost()) }
        #expect(error?.field == "incompletePath")
    }
}
