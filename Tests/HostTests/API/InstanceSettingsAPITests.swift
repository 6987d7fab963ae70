import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("Settings over the instances' API", .timeLimit(.minutes(1)))
struct InstanceSettingsAPITests {
    private let path = "/api/download-clients"

    private func body(_ settings: JSONValue = ["host": "home", "password": "hunter22"], preset: String? = nil)
        -> JSONValue
    {
        var body: [String: JSONValue] = ["name": "Home", "implementation": "scripted", "settings": settings]
        if let preset { body["preset"] = .string(preset) }
        return .object(body)
    }

    private func fail(_ api: APIWorld, _ error: PluginError?) {
        api.world.plugins.state.withLock { $0.connectFailure = error }
    }

    private func codes(_ answer: APIWorld.Answer) -> [String] {
        (answer.json["warnings"]?.array ?? []).compactMap { $0["code"]?.string }
    }

    private func connections(_ api: APIWorld) -> Int { api.world.plugins.state.withLock(\.connections) }

    // MARK: What the plugin says

    @Test("a setting that the plugin refuses is 400 with its field, without the secret, and nothing is stored")
    func refused() async throws {
        let api = try await APIWorld("one")
        fail(api, PluginError(.invalid, "hunter22 is no word.", field: "password"))
        let added = await api.ask(.post, path, body())
        let changed = await api.ask(.put, path + "/id-one", ["settings": ["host": "h", "password": "hunter22"]])
        for answer in [added, changed] {
            #expect(answer.status == 400 && answer.json["code"] == "VALIDATION_ERROR", "\(answer.text)")
            let field = answer.json["details"]?["fields"]?.array?.first
            #expect(field?["field"] == "settings.password" && field?["message"] == "*** is no word.")
        }
        #expect(await api.world.registry.instances(of: .downloadClient).map(\.settings) == [["host": "one"]])
    }

    @Test("a plugin that is asked is ended again")
    func ended() async throws {
        let api = try await APIWorld()
        #expect(await api.ask(.post, path, body()).status == 201)
        #expect(connections(api) == 1 && api.world.plugins.state.withLock(\.shutDowns) == 1)
    }

    @Test(
        "settings are stored with a warning when the plugin cannot be asked",
        arguments: [PluginError.Code.pluginCrashed, .deadlineExceeded, .internal, .unsupported]
    )
    func unasked(code: PluginError.Code) async throws {
        let api = try await APIWorld("one")
        fail(api, PluginError(code, "No answer about hunter22."))
        let added = await api.ask(.post, path, body())
        #expect(added.status == 201 && codes(added) == ["not_checked"])
        #expect(!added.text.contains("hunter22") && added.text.contains("No answer about ***."))
        let changed = await api.ask(.put, path + "/id-one", ["settings": ["host": "other"]])
        #expect(changed.status == 200 && codes(changed) == ["not_checked"])
        #expect(await api.world.registry.instance("id-one")?.settings == ["host": "other"])
    }

    @Test("settings can be changed while the plugin is gone, but none can be added")
    func missing() async throws {
        let api = try await APIWorld("one")
        api.world.plugins.state.withLock { _ = $0.missing.insert("scripted") }
        let shown = await api.ask(.get, path + "/id-one").json
        let changed = await api.ask(.put, path + "/id-one", ["settings": ["host": "x", "password": ["set": true]]])
        #expect(changed.status == 200 && codes(changed) == ["not_checked"])
        #expect(await api.world.registry.instance("id-one")?.secrets == ["password": "hunter2-one"])
        #expect(await api.ask(.put, path + "/id-one", ["settings": ["host": "x", "key": "y"]]).status == 400)
        #expect(await api.ask(.put, path + "/id-one", shown).status == 200)
        #expect(await api.ask(.post, path, body()).status == 400)
    }

    @Test("a change that leaves the settings as they are does not ask the plugin")
    func unchanged() async throws {
        let api = try await APIWorld("one")
        fail(api, PluginError(.invalid, "Wrong.", field: "host"))
        let shown = await api.ask(.get, path + "/id-one").json
        #expect(await api.ask(.put, path + "/id-one", ["name": "uno"]).status == 200)
        #expect(await api.ask(.put, path + "/id-one", shown).status == 200)
        #expect(connections(api) == 0)
    }

    // MARK: Warnings

    @Test("a deprecated field that is used, and a caution, are said and keep nobody from saving")
    func warnings() async throws {
        let api = try await APIWorld()
        var old = SettingsField.text("old", label: "Old")
        old.deprecated = "Use host."
        let password = SettingsField.secret("password", label: "Password").warning("Take a long one.")
        let form = SettingsSchema(fields: [.text("host", label: "Host"), old, password])
        api.world.plugins.state.withLock { $0.forms["scripted"] = form }
        let added = await api.ask(.post, path, body(["host": "h", "old": "x", "password": "hunter22"]))
        #expect(added.status == 201)
        #expect(
            added.json["warnings"] == [
                ["code": "deprecated", "field": "settings.old", "message": "Old: Use host."],
                ["code": "caution", "field": "settings.password", "message": "Password: Take a long one."],
            ]
        )
        let id = try #require(added.json["id"]?.string)
        #expect(codes(await api.ask(.get, path + "/" + id)) == ["deprecated"])
        #expect(codes(await api.ask(.put, path + "/" + id, ["priority": 2])) == ["deprecated"])
        let tested = await api.ask(.post, path + "/" + id + "/test")
        #expect(tested.json["warnings"]?.array?.first?["field"] == "old")
    }

    @Test("a test names a choice that the plugin does not list, unless it fails")
    func unlisted() async throws {
        let api = try await APIWorld("one")
        let settings: JSONValue = ["settings": ["host": "one", "category": "filns"]]
        let answer = await api.ask(.post, path + "/id-one/test", settings)
        #expect(answer.status == 200 && codes(answer).contains("unlisted_option"))
        #expect(answer.text.contains("films"))
        let good = await api.ask(.post, path + "/id-one/test", ["settings": ["host": "one", "category": "films"]])
        #expect(!codes(good).contains("unlisted_option"))
        api.world.client("one").fail("test", PluginError(.unauthorized, "No."))
        let failed = await api.ask(.post, path + "/id-one/test", settings)
        #expect(failed.status == 400 && !codes(failed).contains("unlisted_option"))
    }

    // MARK: Masks, presets and choices

    @Test("a mask means nothing for settings that are not stored", arguments: ["", "/test", "/options"])
    func maskOfNew(route: String) async throws {
        let api = try await APIWorld("one")
        var body = body(["host": "h", "password": ["set": true]]).object ?? [:]
        body["source"] = "categories"
        let answer = await api.ask(.post, path + route, .object(body))
        #expect(answer.status == 400)
        let field = answer.json["details"]?["fields"]?.array?.first
        #expect(field?["field"] == "settings.password")
        #expect(field?["message"]?.string?.contains("send the value itself") == true)
        #expect(connections(api) == 0)
    }

    @Test("choices are computed with the secret of the instance that is named")
    func options() async throws {
        let api = try await APIWorld("one")
        let body: JSONValue = [
            "id": "id-one", "implementation": "scripted", "source": "categories",
            "settings": ["host": "two", "password": ["set": true]],
        ]
        #expect(await api.ask(.post, path + "/options", body).json == [["value": "films", "label": "Films"]])
        #expect(api.world.plugins.state.withLock(\.settings) == [#"{"host":"two","password":"hunter2-one"}"#])
    }

    @Test("choices that no field has are refused with those that there are")
    func badSource() async throws {
        let api = try await APIWorld()
        let body: JSONValue = ["implementation": "scripted", "source": "rooms", "settings": ["host": "h"]]
        let answer = await api.ask(.post, path + "/options", body)
        #expect(answer.status == 400 && answer.text.contains("There are: categories."))
        #expect(answer.json["details"]?["fields"]?.array?.first?["field"] == "source" && connections(api) == 0)
    }

    @Test(
        "a plugin that cannot compute choices says why",
        arguments: [
            (PluginError(.unsupported, "No."), 400, "UNSUPPORTED"),
            (PluginError(.unreachable, "No."), 502, "UNREACHABLE"),
            (PluginError(.timeout, "No."), 504, "TIMEOUT"),
            (PluginError(.invalid, "No.", field: "host"), 400, "VALIDATION_ERROR"),
        ]
    )
    func optionsFail(error: PluginError, status: Int, code: String) async throws {
        let api = try await APIWorld()
        fail(api, error)
        let body: JSONValue = ["implementation": "scripted", "source": "categories", "settings": ["host": "h"]]
        let answer = await api.ask(.post, path + "/options", body)
        #expect(answer.status == status && answer.json["code"] == .string(code), "\(answer.text)")
        #expect(answer.text.contains("No."))
    }

    @Test("a preset stands below what is sent, where something new is described")
    func presets() async throws {
        let api = try await APIWorld("one")
        var form = try #require(ScriptedPlugins.manifests["scripted"]).settings
        form.presets = [.init("Seedbox", values: ["host": "box", "port": 443])]
        api.world.plugins.state.withLock { [form] in $0.forms["scripted"] = form }
        let added = await api.ask(.post, path, body(["port": 80], preset: "Seedbox"))
        #expect(added.json["settings"] == ["host": "box", "port": 80, "password": ["set": false]], "\(added.text)")
        #expect(await api.ask(.post, path + "/test", body(["port": 80], preset: "Seedbox")).status == 200)
        let unknown = await api.ask(.post, path, body([:], preset: "Seed"))
        #expect(unknown.status == 400 && unknown.text.contains("There are: Seedbox."))
        let changed = await api.ask(.put, path + "/id-one", ["preset": "Seedbox"])
        #expect(changed.json["details"]?["fields"]?.array?.first?["field"] == "preset")
    }

    // MARK: Versions of the form

    @Test("what the plugin's newer form makes of stored settings is shown, and the way back")
    func migrated() async throws {
        let api = try await APIWorld("one")
        let form = SettingsSchema(
            version: 2,
            fields: [.text("host", label: "Host"), .secret("token", label: "Token")]
        )
        api.world.plugins.state.withLock {
            $0.forms["scripted"] = form
            $0.migrated = .success(["host": "moved", "token": "hunter2-one"])
        }
        #expect(codes(await api.ask(.get, path + "/id-one")) == ["not_migrated"])
        #expect(await api.ask(.post, path + "/id-one/test").status == 200)
        let shown = await api.ask(.get, path + "/id-one")
        #expect(shown.json["settings"] == ["host": "moved", "token": ["set": true]])
        #expect(shown.json["settingsVersion"] == 2 && codes(shown) == [])
        let former = await api.ask(.get, path + "/id-one/former-settings")
        #expect(former.json.array?.count == 1 && !former.text.contains("hunter2"))
        #expect(former.json.array?[0]["settings"] == ["host": "one", "password": ["set": true]])
        api.world.plugins.state.withLock { $0.forms["scripted"] = nil }
        #expect(codes(await api.ask(.get, path + "/id-one")) == ["newer_settings"])
        let back = await api.ask(.post, path + "/id-one/former-settings/1/restore")
        #expect(back.json["settings"] == ["host": "one", "password": ["set": true]] && codes(back) == [])
        for version in ["7", "x", "-1"] {
            #expect(await api.ask(.post, path + "/id-one/former-settings/\(version)/restore").status == 404)
        }
        #expect(await api.ask(.get, path + "/nothing/former-settings").status == 404)
    }

    @Test(
        "settings of a newer form that come back as they were shown stay as they are; others take this form's version"
    )
    func downgraded() async throws {
        let api = try await APIWorld("one")
        var newer = HostWorld.instance("one")
        newer.settings["later"] = 1
        newer.settingsVersion = 2
        try await api.world.registry.save(newer)
        let shown = await api.ask(.get, path + "/id-one").json
        #expect(await api.ask(.put, path + "/id-one", shown).json["settingsVersion"] == 2)
        #expect(await api.world.registry.instance("id-one")?.values == newer.values)
        let changed = await api.ask(.put, path + "/id-one", ["settings": ["host": "two"]])
        #expect(changed.json["settingsVersion"] == 1)
        #expect(try await api.world.registry.formerSettings(of: "id-one").map(\.values).contains(newer.values))
    }

    @Test("settings that could not be migrated are said to be so, and new ones take their place")
    func unmigrated() async throws {
        let api = try await APIWorld("one")
        let form = SettingsSchema(version: 2, fields: [.text("host", label: "Host"), .secret("password", label: "P")])
        api.world.plugins.state.withLock {
            $0.forms["scripted"] = form
            $0.migrated = .failure(PluginError(.internal, "hunter2-one is odd."))
        }
        let tested = await api.ask(.post, path + "/id-one/test")
        #expect(tested.status == 400 && tested.text.contains("*** is odd.") && !tested.text.contains("hunter2"))
        let shown = await api.ask(.get, path + "/id-one")
        #expect(codes(shown) == ["not_migrated"] && shown.json["settings"]?["host"] == "one")
        let renamed = await api.ask(.put, path + "/id-one", ["name": "uno"])
        #expect(renamed.json["settingsVersion"] == 1)
        let entered = await api.ask(.put, path + "/id-one", ["settings": ["host": "two", "password": ["set": true]]])
        #expect(entered.json["settingsVersion"] == 2 && codes(entered) == [])
        #expect(await api.world.registry.instance("id-one")?.secrets == ["password": "hunter2-one"])
        #expect(await api.ask(.post, path + "/id-one/test").status == 200)
    }
}
