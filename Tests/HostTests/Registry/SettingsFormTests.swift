import HTTPServer
import PluginAPI
import Testing

@testable import Host

@Suite("The form of a plugin's settings")
struct SettingsFormTests {
    private func form(_ fields: SettingsField...) -> SettingsForm {
        SettingsForm(schema: SettingsSchema(fields: fields))
    }

    private let nothing = SettingsForm.Values(settings: [:], secrets: [:])
    private let secret = SettingsForm.Values(settings: [:], secrets: ["password": "hunter22"])

    /// The fields that are refused, with what is said of them.
    private func refusals(
        _ form: SettingsForm,
        _ sent: [String: JSONValue],
        stored: SettingsForm.Values? = nil
    ) throws -> [String: String] {
        let refusal = try #require(throws: SettingsRefusal.self) { try form.accept(sent, stored: stored ?? nothing) }
        return Dictionary(uniqueKeysWithValues: refusal.fields.map { ($0.name, $0.message) })
    }

    @Test("keeps secrets apart from the rest, and shows only whether they are set")
    func apart() throws {
        let form = form(
            .text("user", label: "User"),
            .secret("password", label: "Password"),
            .secret("key", label: "Key")
        )
        let values = try form.accept(["user": "me", "password": "hunter22"], stored: nothing)
        #expect(values.settings == ["user": "me"] && values.secrets == ["password": "hunter22"])
        #expect(form.masked(values) == ["user": "me", "password": ["set": true], "key": ["set": false]])
    }

    @Test(
        "a secret that is absent or masked stays, an empty one goes",
        arguments: [
            (nil, "hunter22"), (["set": true], "hunter22"), (["set": false], "hunter22"), ("", nil), (.null, nil),
            ("new one", "new one"),
        ] as [(JSONValue?, String?)]
    )
    func secrets(sent: JSONValue?, kept: String?) throws {
        let form = form(.secret("password", label: "Password"))
        let values = try form.accept(sent.map { ["password": $0] } ?? [:], stored: secret)
        #expect(values.secrets["password"] == kept)
    }

    @Test("a mask for a value that is not stored is refused, and one that says so is not", arguments: [true, false])
    func emptyMask(isSet: Bool) throws {
        let form = form(.secret("password", label: "Password"))
        let mask: [String: JSONValue] = ["password": ["set": .bool(isSet)]]
        if isSet {
            #expect(try refusals(form, mask)["settings.password"]?.contains("send the value itself") == true)
        } else {
            #expect(try form.accept(mask, stored: nothing) == nothing)
        }
    }

    @Test("a key that the form no longer has is taken with the value that is stored, and with no other")
    func retiredKey() throws {
        let form = form(.text("user", label: "User"))
        let stored = SettingsForm.Values(settings: ["old": "x"], secrets: ["gone": "hunter22"])
        let shown = form.masked(stored)
        #expect(shown == ["old": "x", "gone": ["set": true]])
        #expect(try form.accept(shown, stored: stored) == stored)
        #expect(try refusals(form, ["old": "y"], stored: stored).keys.sorted() == ["settings.old"])
        #expect(try refusals(form, ["gone": "y"], stored: stored).keys.sorted() == ["settings.gone"])
    }

    @Test("all settings together are limited")
    func total() throws {
        var fields: [SettingsField] = []
        var sent: [String: JSONValue] = [:]
        for number in 0..<20 {
            fields.append(.text("f\(number)", label: "F"))
            sent["f\(number)"] = .string(String(repeating: "a", count: SettingsField.longestText))
        }
        #expect(try refusals(SettingsForm(schema: SettingsSchema(fields: fields)), sent).keys.sorted() == ["settings"])
    }

    @Test("a preset's values stand below those that are sent, and an unknown one is refused with those that exist")
    func presets() throws {
        let presets = [
            SettingsSchema.Preset("Seedbox", values: ["port": 443, "tls": true]), .init("Home", values: [:]),
        ]
        let form = SettingsForm(schema: SettingsSchema(fields: [.bool("tls", label: "TLS")], presets: presets))
        #expect(try form.applying(preset: "Seedbox", below: ["port": 80]) == ["port": 80, "tls": true])
        let refusal = try #require(throws: SettingsRefusal.self) { try form.applying(preset: "seedbox", below: [:]) }
        #expect(refusal.fields.map(\.name) == ["preset"])
        #expect(refusal.fields[0].message.contains("Seedbox, Home"))
    }

    @Test("a setting that is left out is no longer set")
    func leftOut() throws {
        let form = form(.text("user", label: "User"))
        let stored = SettingsForm.Values(settings: ["user": "me"], secrets: [:])
        #expect(try form.accept([:], stored: stored).settings == [:])
        #expect(try form.accept(["user": .null], stored: stored).settings == [:])
    }

    @Test("an unknown key is refused with the known ones")
    func unknownKey() throws {
        let message = try refusals(form(.text("user", label: "User")), ["usr": "me"])["settings.usr"]
        #expect(message?.contains("user") == true)
    }

    @Test("a value under a key's former name is taken, also a stored secret")
    func renamed() throws {
        var user = SettingsField.text("user", label: "User").required()
        user.renamedFrom = "login"
        var password = SettingsField.secret("password", label: "Password").required()
        password.renamedFrom = "pass"
        let stored = SettingsForm.Values(settings: [:], secrets: ["pass": "hunter22"])
        let values = try form(user, password).accept(["login": "me"], stored: stored)
        #expect(values.settings == ["user": "me"] && values.secrets == ["password": "hunter22"])
    }

    @Test(
        "each type takes its own values only",
        arguments: [
            (.number("f", label: "F", in: 1...9), 5, ["5", true, 0, 10, .null]),
            (.bool("f", label: "F"), true, ["true", 1]),
            (.select("f", label: "F", options: [.init("a"), .init("b")]), "b", ["c", 1]),
            (.select("f", label: "F", optionsFrom: "x"), "anything", [1]),
            (.url("f", label: "F"), "https://a", ["a", "ftp://a", 1]),
            (.host("f", label: "F"), "a.example", ["http://a", "a b", "a/b", 1]),
            (.path("f", label: "F"), "/a", [1]),
            (.text("f", label: "F"), "", [false, ["a"]]),
            (SettingsField("f", .tags, label: "F"), ["a", "b"], ["a", ["a", 1]]),
            (SettingsField("f", .multiselect, label: "F"), [], ["a"]),
            (SettingsField("f", .keyValue, label: "F"), ["a": "b"], ["a", ["a": 1]]),
        ] as [(SettingsField, JSONValue, [JSONValue])]
    )
    func types(field: SettingsField, good: JSONValue, bad: [JSONValue]) throws {
        #expect(try form(field).accept(["f": good], stored: nothing).settings == ["f": good])
        for value in bad where value != .null {
            #expect(try refusals(form(field), ["f": value]).keys.sorted() == ["settings.f"], "\(value)")
        }
    }

    @Test("a number out of range is told the limit", arguments: [(0, "at least 1"), (65_536, "at most 65535")])
    func range(port: Int, words: String) throws {
        let form = form(.number("port", label: "Port", in: 1...65_535))
        let message = try refusals(form, ["port": .integer(Int64(port))])["settings.port"]
        #expect(message?.contains(words) == true)
    }

    @Test("a secret that is no text is refused")
    func badSecret() throws {
        let refused = try refusals(form(.secret("password", label: "Password")), ["password": 5])
        #expect(refused.keys.sorted() == ["settings.password"])
    }

    @Test("what is required is asked for by its label, and a default counts as given")
    func required() throws {
        let form = form(
            .text("host", label: "Host").required(),
            .secret("password", label: "Password").required(),
            .number("port", label: "Port", in: 1...9).default(5).required()
        )
        let refused = try refusals(form, ["host": ""])
        #expect(refused == ["settings.host": "Host is required.", "settings.password": "Password is required."])
        #expect(try form.accept(["host": "a"], stored: secret).secrets == ["password": "hunter22"])
    }

    @Test("what is not visible is not required")
    func visibility() throws {
        let form = form(
            .bool("tls", label: "TLS").default(false),
            .text("certificate", label: "Certificate").required().visible(when: "tls", in: true)
        )
        #expect(try form.accept([:], stored: nothing).settings == [:])
        #expect(try refusals(form, ["tls": true]).keys.sorted() == ["settings.certificate"])
        #expect(try form.accept(["tls": true, "certificate": "x"], stored: nothing).settings.count == 2)
    }

    @Test("all that is wrong is told at once")
    func all() throws {
        let form = form(.bool("a", label: "A"), .bool("b", label: "B"))
        #expect(
            try refusals(form, ["a": 1, "b": 1, "c": 1]).keys.sorted() == ["settings.a", "settings.b", "settings.c"]
        )
    }

    @Test(
        "a list or object without entries is no value",
        arguments: [SettingsField.Kind.tags, .multiselect, .keyValue]
    )
    func emptyCollection(kind: SettingsField.Kind) throws {
        let form = form(SettingsField("words", kind, label: "Words").required())
        let empty: JSONValue = kind == .keyValue ? [:] : []
        #expect(try refusals(form, ["words": empty]) == ["settings.words": "Words is required."])
    }

    @Test("lengths are limited for texts and secrets alike", arguments: [SettingsField.Kind.text, .secret])
    func lengths(kind: SettingsField.Kind) throws {
        var field = SettingsField("word", kind, label: "Word")
        field.min = 2
        field.max = 3
        let form = form(field)
        #expect(throws: Never.self) { try form.accept(["word": "abc"], stored: nothing) }
        #expect(try refusals(form, ["word": "abcd"]) == ["settings.word": "Must have at most 3 characters."])
        #expect(try refusals(form, ["word": "a"]) == ["settings.word": "Must have at least 2 characters."])
    }

    @Test("each of several choices is one that there is")
    func choices() throws {
        var field = SettingsField("words", .multiselect, label: "Words")
        field.options = [.init("a", label: "A"), .init("b", label: "B")]
        let form = form(field)
        #expect(throws: Never.self) { try form.accept(["words": ["a", "b"]], stored: nothing) }
        #expect(try refusals(form, ["words": ["a", "c"]]) == ["settings.words": "Must be one of: a, b."])
    }

    @Test(
        "numbers go in steps, if there are any",
        arguments: [(1, 8080, true), (1, 80.5, false), (0.1, 1.3, true), (0.1, 1.35, false), (nil, 80.5, true)]
            as [(Double?, Double, Bool)]
    )
    func steps(step: Double?, number: Double, isTaken: Bool) throws {
        var field = SettingsField.number("port", label: "Port", in: 1...65_535)
        field.step = step
        let form = form(field)
        if isTaken {
            #expect(throws: Never.self) { try form.accept(["port": .number(number)], stored: nothing) }
        } else {
            #expect(try refusals(form, ["port": .number(number)]).keys.sorted() == ["settings.port"])
        }
    }
}
