import PluginAPI
import Testing

@testable import Host

@Suite("Stored settings under another version of the form")
struct StoredSettingsTests {
    private typealias Values = SettingsForm.Values

    private func form(_ fields: SettingsField...) -> SettingsForm {
        SettingsForm(schema: SettingsSchema(fields: fields))
    }

    private func renamed(_ field: SettingsField, from former: String) -> SettingsField {
        var field = field
        field.renamedFrom = former
        return field
    }

    @Test("values move along a chain of names, secrets as secrets")
    func chain() {
        let form = form(
            renamed(.text("c", label: "C"), from: "b"),
            renamed(.text("b", label: "B"), from: "a"),
            renamed(.secret("z", label: "Z"), from: "y")
        )
        let arranged = form.arranged(Values(settings: ["a": "1"], secrets: ["y": "hunter22"]))
        #expect(arranged.settings["c"] == "1" && arranged.settings["a"] == nil)
        #expect(arranged.secrets == ["z": "hunter22"])
    }

    @Test("a value under the present name wins, and names in a circle end")
    func circle() {
        let form = form(
            renamed(.text("a", label: "A"), from: "b"),
            renamed(.text("b", label: "B"), from: "a"),
            renamed(.text("c", label: "C"), from: "old")
        )
        let stored = Values(settings: ["a": "1", "c": "new", "old": "former"], secrets: [:])
        #expect(form.arranged(stored).settings == ["a": "1", "b": "1", "c": "new"])
    }

    @Test("what has become a secret is masked, and kept when the mask comes back")
    func becameSecret() throws {
        let form = form(.secret("token", label: "Token"))
        let stored = Values(settings: ["token": "hunter22"], secrets: [:])
        let shown = form.masked(stored)
        #expect(shown == ["token": ["set": true]])
        #expect(try form.accept(shown, stored: stored) == Values(settings: [:], secrets: ["token": "hunter22"]))
    }

    @Test("what was a secret stays masked until it is sent anew", arguments: [nil, ["set": true]] as [JSONValue?])
    func wasSecret(sent: JSONValue?) throws {
        let form = form(.text("user", label: "User").required())
        let stored = Values(settings: [:], secrets: ["user": "hunter22"])
        #expect(form.masked(stored) == ["user": ["set": true]])
        #expect(try form.accept(sent.map { ["user": $0] } ?? [:], stored: stored) == stored)
        #expect(try form.accept(["user": "me"], stored: stored) == Values(settings: ["user": "me"], secrets: [:]))
        #expect(throws: SettingsRefusal.self) { try form.accept(["user": ""], stored: stored) }
        #expect(throws: SettingsRefusal.self) { try form.accept(["user": 1], stored: stored) }
    }

    @Test("a secret that was renamed is kept when the mask comes back under either name", arguments: ["key", "pass"])
    func renamedSecret(name: String) throws {
        let form = form(renamed(.secret("key", label: "Key"), from: "pass"))
        let stored = Values(settings: [:], secrets: ["pass": "hunter22"])
        let kept = try form.accept([name: ["set": true]], stored: stored)
        #expect(kept == Values(settings: [:], secrets: ["key": "hunter22"]))
    }

    @Test("what a migration returns is parted by the form, and a former secret stays one under any key")
    func separated() throws {
        let form = form(.secret("token", label: "Token"), .text("url", label: "URL"), .text("copy", label: "Copy"))
        let old = Values(settings: ["a": "1"], secrets: ["password": "hunter22", "pin": "12"])
        let all: [String: JSONValue] = [
            "token": "new", "url": "http://me:hunter22@a", "copy": "hunter22", "short": "12 pieces", "pin": "12",
            "none": .null,
        ]
        let values = try form.separated(all, after: old)
        #expect(values.settings == ["short": "12 pieces"])
        #expect(
            values.secrets == ["token": "new", "url": "http://me:hunter22@a", "copy": "hunter22", "pin": "12"]
        )
    }

    @Test("a migration that makes no text of a secret, or far too much, has failed")
    func badMigration() {
        let form = form(.secret("token", label: "Token"))
        let large = JSONValue.string(String(repeating: "a", count: SettingsForm.mostBytes))
        for all in [["token": 1], ["text": large]] as [[String: JSONValue]] {
            let error = #expect(throws: PluginError.self) { try form.separated(all, after: .none) }
            #expect(error?.code.value == .badResponse)
        }
    }

    @Test("without the plugin, what is stored can be changed and nothing can be added")
    func unchecked() throws {
        let stored = Values(settings: ["host": "a", "port": 1], secrets: ["password": "hunter22"])
        func accept(_ sent: [String: JSONValue]) throws(SettingsRefusal) -> Values {
            try SettingsForm.acceptUnchecked(sent, stored: stored, reason: "It is gone.")
        }
        let changed = try accept(["host": "b", "password": ["set": true]])
        #expect(changed == Values(settings: ["host": "b"], secrets: ["password": "hunter22"]))
        #expect(try accept(["password": "new"]).secrets == ["password": "new"])
        #expect(try accept(["password": .null]).secrets == [:] && accept(["password": ""]).secrets == [:])
        let refusal = try #require(throws: SettingsRefusal.self) { try accept(["token": "x", "password": 1]) }
        #expect(refusal.fields.map(\.name) == ["settings.password", "settings.token"])
        #expect(refusal.fields[1].message.contains("It is gone."))
    }
}
