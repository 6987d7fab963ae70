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
    func goodManifest() {
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

    private func report(_ path: String) async -> PluginLint.Report {
        await PluginLint(path: path, trial: TrialInRunner(FixturePlugins.runner), clock: SystemClock()).report()
    }

    @Test("reports why a file cannot be loaded")
    func file() async {
        let report = await report(FixturePlugins.fault("missing-library").path)
        #expect(!report.isUsable)
        #expect(report.findings.filter { $0.weight == .error }.map(\.code) == ["missing_library"])
        #expect(report.findings.first?.message.contains("libnonsense.so.9") == true)
        #expect(await self.report("/nowhere/plugin.so").findings.map(\.code) == ["not_a_file"])
    }

    @Test("finds nothing in a good plugin")
    func good() async {
        #expect(await report(FixturePlugins.fault("none").path).findings == [])
    }

    @Test("warns of what the server has to run a file for")
    func sections() async {
        let old = await report(FixturePlugins.candidate("c-echo").path)
        #expect(old.findings.filter { $0.weight == .warning }.map(\.code) == ["no_header", "no_manifest_section"])
        let swift = await report(FixturePlugins.swiftEcho.path)
        #expect(swift.isUsable)
        #expect(swift.findings.contains { $0.code == "no_manifest_section" })
        #expect(!swift.findings.contains { $0.code == "no_header" })
    }

    @Test("accepts a build in a folder of another name, with a warning")
    func otherFolder() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/build/plugin.so"
        try TemporaryFolder.copy(FixturePlugins.fault("none").path, to: path)
        let report = await report(path)
        #expect(report.isUsable)
        #expect(report.findings.map(\.code) == ["other_folder"])
    }
}
