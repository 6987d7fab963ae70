import FoundationEssentials
import PluginAPI
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The check of a plugin for its author")
struct PluginLintTests {
    private func codes(_ change: (inout PluginManifest) -> Void) -> [String] {
        var manifest = PluginManifest(
            id: "x",
            name: "X",
            version: "1.0.0",
            description: "",
            sources: [.magnet],
            settings: SettingsSchema(fields: [
                .host("host", label: "Host").required(),
                .number("port", label: "Port", in: 1...65535).default(80),
            ])
        )
        manifest.kinds = [.known(.downloadClient)]
        change(&manifest)
        return SchemaLint.findings(in: manifest).map(\.code)
    }

    @Test("finds nothing in a good manifest")
    func good() {
        #expect(codes { _ in } == [])
    }

    @Test(
        "finds mistakes in the settings form",
        arguments: [
            (SettingsField.text("host", label: "Host"), "duplicate_key"),
            (.text("a", label: "A").visible(when: "nothing", in: "x"), "unknown_condition"),
            (.number("a", label: "A", in: 1...5).default(9), "bad_default"),
            (.number("a", label: "A", in: 1...5).default("three"), "bad_default"),
            (.bool("a", label: "A").default("yes"), "bad_default"),
            (.text("a", label: "A").default(1), "bad_default"),
            (.secret("a", label: "A").default("hunter2"), "bad_default"),
            (.select("a", label: "A", options: []), "no_options"),
            (.select("a", label: "A", options: [.init("x")]).default("y"), "bad_default"),
            (SettingsField("a", .tags, label: "A").default("x"), "bad_default"),
            (.text("", label: "A"), "no_key"),
            (.text("a", label: ""), "no_label"),
        ]
    )
    func field(field: SettingsField, code: String) {
        #expect(codes { $0.settings.fields.append(field) } == [code])
    }

    @Test("finds types and kinds that the server does not know, and only warns")
    func unknown() {
        let found = codes { manifest in
            manifest.settings.fields[0].type = .unknown("colour")
            manifest.kinds.append(.unknown("coffee_machine"))
        }
        #expect(found == ["unknown_kind", "unknown_type"])
    }

    @Test("finds a preset that sets what is no setting, a version of another form, and missing sources")
    func others() {
        #expect(codes { $0.settings.presets = [.init("P", values: ["nothing": 1])] } == ["unknown_preset_key"])
        #expect(codes { $0.version = "1.0" } == ["version"])
        #expect(codes { $0.sources = nil } == ["no_sources"])
    }

    @Test("reports why a file cannot be loaded")
    func file() {
        let report = PluginLint.run(FixturePlugins.candidate("missing-library").path)
        #expect(!report.isUsable)
        #expect(report.findings.map(\.code) == ["missing_library"])
        #expect(PluginLint.run("/nowhere/plugin.so").findings.map(\.code) == ["not_a_file"])
    }

    @Test("accepts good plugins, and a build in a folder of another name with a warning")
    func usable() throws {
        #expect(PluginLint.run(FixturePlugins.candidate("c-echo").path).findings == [])
        #expect(PluginLint.run(FixturePlugins.swiftEcho.path).findings == [])
        let folder = try TemporaryFolder()
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder.path)/build/plugin.so")
        let report = PluginLint.run("\(folder.path)/build/plugin.so")
        #expect(report.isUsable)
        #expect(report.findings.map(\.code) == ["other_folder"])
    }
}
