import PluginAPI
import Testing

/// The test kit's comparison of a form with the type that its settings are decoded into.
struct SettingsKeysTests {
    @Test("finds nothing when both name the same keys")
    func same() {
        #expect(SettingsKeys.differences(in: EveryKindPlugin.self) == [])
        #expect(SettingsKeys.differences(in: Made<Fitting>.self) == [])
    }

    @Test("names a field that the type does not have, and a key that the form does not have")
    func different() {
        let found = SettingsKeys.differences(in: Made<Different>.self)
        #expect(found.count == 3, "\(found)")
        #expect(found[0].contains("The form has the field list") && found[1].contains("Settings has extra"))
        #expect(found[2].contains("Settings has more"))
    }

    @Test("says which key it is that the form would have to have")
    func missing() {
        let found = SettingsKeys.differences(in: Made<Demanding>.self)
        #expect(found.count == 1 && found[0].contains("needed"), "\(found)")
    }

    struct Fitting: Codable, Sendable {
        enum CodingKeys: String, CodingKey {
            case name, list
            case amount = "number"
        }

        var name: String?
        var amount: Int
        var list: [String]?
    }

    struct Different: Codable, Sendable {
        var name: String
        var number: Double
        var extra: [String: Int]?
        var more: Bool?
    }

    struct Demanding: Codable, Sendable {
        var needed: String
    }
}

/// A plugin with a form of three values and one text.
private struct Made<Settings: Codable & Sendable>: Plugin {
    static var manifest: PluginManifest {
        let fields: [SettingsField] = [
            .text("name", label: "Name"), .number("number", label: "Number", in: 0...5),
            .init("list", .tags, label: "List"),
            .init("note", .info, label: "Read this"),
        ]
        return PluginManifest(
            id: "made",
            name: "Made",
            version: "1.0.0",
            description: "",
            settings: .init(fields: fields)
        )
    }

    init(settings: Settings, host: any HostServices) {}
    func test() async throws -> ConnectionReport { ConnectionReport() }
}
