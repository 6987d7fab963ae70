import PluginAPI
import Testing

@testable import Host

@Suite("Warnings about settings")
struct SettingsWarningTests {
    private typealias Values = SettingsForm.Values

    private let form: SettingsForm = {
        var old = SettingsField.text("old", label: "Old").default("usual")
        old.deprecated = "Use the other one."
        return SettingsForm(
            schema: SettingsSchema(fields: [
                old, .bool("tls", label: "TLS").default(true),
                .bool("check", label: "Check").default(true).warning("Anybody can listen.").visible(
                    when: "tls",
                    in: true
                ),
                .secret("password", label: "Password").warning("Take a long one."),
                .select("room", label: "Room", optionsFrom: "rooms").default("hall"),
            ])
        )
    }()

    private func codes(_ values: Values, since old: Values = .none) -> [String] {
        form.warnings(about: values, since: old).map { "\($0.code.rawValue) \($0.key ?? "")" }
    }

    @Test("a deprecated field warns while it has a value of its own")
    func deprecated() {
        let used = Values(settings: ["old": "mine"], secrets: [:])
        #expect(codes(used, since: used) == ["deprecated old"])
        #expect(form.warnings(about: used, since: used)[0].message == "Old: Use the other one.")
        for value in ["usual", "", .null] as [JSONValue] {
            #expect(codes(Values(settings: ["old": value], secrets: [:])) == [])
        }
    }

    @Test("a caution comes with a change of a field that is shown, and holds no secret")
    func caution() {
        let values = Values(settings: ["check": false], secrets: ["password": "hunter22"])
        #expect(codes(values) == ["caution check", "caution password"])
        #expect(codes(values, since: values) == [])
        #expect(codes(values, since: Values(settings: ["check": false], secrets: [:])) == ["caution password"])
        #expect(!"\(form.warnings(about: values, since: .none))".contains("hunter22"))
        #expect(codes(Values(settings: ["check": false, "tls": false], secrets: [:])) == [])
    }

    @Test("a value that the form no longer has is named")
    func unused() {
        #expect(codes(Values(settings: ["gone": 1], secrets: [:])) == ["unused_setting gone"])
    }

    @Test("choices are compared when they are not the default")
    func chosen() {
        #expect(form.chosen(in: Values(settings: ["room": "hall"], secrets: [:])).isEmpty)
        let chosen = form.chosen(in: Values(settings: ["room": "attic"], secrets: [:]))
        #expect(chosen.map(\.source) == ["rooms"] && chosen.map(\.values) == [["attic"]])
        let warning = SettingsWarning(
            unlisted: "attic",
            in: form.schema.fields[4],
            among: [.init("hall"), .init("yard")]
        )
        #expect(warning.code == .unlistedOption && warning.key == "room")
        #expect(warning.message.contains("\"attic\"") && warning.message.contains("hall, yard"))
    }
}
