import FoundationEssentials
import Testing

@testable import PluginAPI

/// The errors, names and manifests of released versions.
@Suite("Recorded names")
struct RecordedNamesTests {
    private static let today: [String: [String]] = [
        "kind": PluginManifest.Kind.allCases.map(\.rawValue),
        "source": PluginManifest.Source.allCases.map(\.rawValue),
        "field": SettingsField.Kind.allCases.map(\.rawValue),
        "error": PluginError.Code.allCases.map(\.rawValue),
        "state": DownloadItem.State.allCases.map(\.rawValue),
        "stage": DownloadItem.Stage.allCases.map(\.rawValue),
        "priority": DownloadPriority.allCases.map(\.rawValue),
        "role": MetadataCredit.Role.allCases.map(\.rawValue),
        "level": Prioritization.Level.allCases.map(\.rawValue),
        "protocol": DownloadProtocol.allCases.map(\.rawValue),
        "query": ReleaseQuery.Kind.allCases.map(\.rawValue),
        "title": MetadataTitle.Kind.allCases.map(\.rawValue),
        "image": MetadataImage.Kind.allCases.map(\.rawValue),
        "event": NotificationEvent.Kind.allCases.map(\.rawValue),
    ]

    @Test("are all known today, and every name of today is recorded")
    func names() throws {
        let recorded = try Recording.contents(of: "names", as: [String: [String]].self)
            .reduce(into: [String: Set<String>]()) { all, file in all.merge(file.mapValues(Set.init)) { $0.union($1) } }
        #expect(Set(recorded.keys) == Set(Self.today.keys))
        for (type, names) in Self.today {
            let lost = (recorded[type] ?? []).subtracting(names).sorted()
            #expect(lost == [], "Released names of \(type) went away; plugins and servers send them.")
            let new = Set(names).subtracting(recorded[type] ?? []).sorted()
            #expect(new == [], "New names of \(type): record them in Tests/Fixtures/Messages, under their version.")
        }
    }

    @Test("of log levels are the numbers that they were")
    func levels() {
        #expect(LogLevel.allCases.map(\.rawValue) == [0, 1, 2, 3])
        #expect(LogLevel.allCases == [.debug, .info, .warning, .error])
    }

    @Test("stand in errors that are read and written as then")
    func errors() throws {
        let recorded = try Recording.contents(of: "errors", as: [JSONValue].self).flatMap { $0 }
        #expect(Set(recorded.compactMap { $0["code"]?.string }) == Set(PluginError.Code.allCases.map(\.rawValue)))
        for message in recorded + recorded.map({ $0.withUnknownMembers() }) {
            let error = WireJSON.readFailure(try message.json, from: "The plugin")
            #expect(error.code.text == message["code"]?.string && error.code.value != nil)
            #expect(error.message == message["message"]?.string)
            #expect(error.field == message["field"]?.string)
            #expect(error.retryAfter.map(Int64.init) == message["retry_after"]?.integer)
            #expect(recorded.contains { $0.losses(in: (try? JSONValue(WireJSON.failure(error))) ?? .null) == [] })
        }
    }

    @Test("of errors may be new: they are kept as they are")
    func newCode() throws {
        let error = WireJSON.readFailure(
            Data(#"{"code":"out_of_ink","message":"Refill it."}"#.utf8),
            from: "The plugin"
        )
        #expect(error.code == .unknown("out_of_ink") && error.message == "Refill it.")
        #expect(try JSONValue(WireJSON.failure(error))["code"] == "out_of_ink")
    }

    @Test("stand in manifests that are read and written as then, whatever was added", arguments: [false, true])
    func manifest(isNewer: Bool) throws {
        for recorded in try Recording.contents(of: "manifest", as: JSONValue.self) {
            let json = try (isNewer ? recorded.withUnknownMembers() : recorded).json
            let manifest = try WireJSON.decode(PluginManifest.self, from: json)
            #expect(recorded.losses(in: try JSONValue(WireJSON.encode(manifest))) == [])
            #expect(manifest.kinds.allSatisfy { $0.value != nil })
            #expect(manifest.settings.fields.allSatisfy { $0.type.value != nil })
        }
    }

    @Test("stand in manifests beside names that nobody knows yet")
    func newNames() throws {
        for recorded in try Recording.contents(of: "manifest", as: JSONValue.self) {
            for (_, message) in recorded.replacingTexts(with: "from_later") {
                let manifest = try WireJSON.decode(PluginManifest.self, from: message.json)
                #expect(message.losses(in: try JSONValue(WireJSON.encode(manifest))) == [])
            }
        }
    }

    @Test("need no more in a manifest than then")
    func leastManifest() throws {
        let text = """
            {"id":"a","name":"A","version":"1.0.0","description":"","kinds":[],
             "settings":{"version":1,"fields":[{"key":"k","type":"text","label":"L"}]}}
            """
        let manifest = try WireJSON.decode(PluginManifest.self, from: Data(text.utf8))
        #expect(manifest.settings.fields.map(\.key) == ["k"])
    }
}
