import CKinodockPlugin
import FoundationEssentials
import Testing

@testable import PluginAPI

/// A plugin built today, in a server of version 1.0.
@Suite("Today's plugin on a server of version 1.0", .timeLimit(.minutes(1)))
struct OldHostTests {
    /// A call of a service in the types of the SDK.
    struct Service: Sendable {
        let method: String
        let name: String
        let output: Replayed
        let call: @Sendable (any HostServices) async throws -> Replayed
    }

    static let services = [
        Service(
            method: "http.send",
            name: "everything",
            output: ServiceResponse(
                status: 404,
                headers: [HeaderField("Content-Type", "text/plain")],
                url: "http://nas:8080/api?a=b",
                body: Data("not there".utf8)
            )
        ) { try await $0.send(request) },
        Service(method: "kv.get", name: "a value", output: Data?.some(Data("17".utf8))) {
            try await $0.value(for: "cursor")
        },
        Service(method: "kv.get", name: "an empty value", output: Data?.some(Data())) {
            try await $0.value(for: "empty")
        },
        Service(method: "kv.get", name: "no value", output: Data?.none) { try await $0.value(for: "nothing") },
        Service(method: "kv.set", name: "a value", output: Nothing()) {
            try await $0.setValue(Data("18".utf8), for: "cursor")
            return Nothing()
        },
        Service(method: "kv.delete", name: "a value", output: Nothing()) {
            try await $0.setValue(nil, for: "cursor")
            return Nothing()
        },
        Service(
            method: "host.folders",
            name: "everything",
            output: HostFolders(data: "/var/lib/kinodock/instances/1", downloads: "/var/lib/kinodock/downloads")
        ) { try await $0.folders() },
        Service(method: "events.emit", name: "everything", output: Nothing()) {
            $0.emit("changed", details: ["id": "c1e5", "count": 2])
            return Nothing()
        },
    ]

    private static var request: ServiceRequest {
        var request = ServiceRequest("POST", "http://nas:8080/api?a=b")
        request.headers = [HeaderField("Accept", "application/json"), HeaderField("Accept", "*/*")]
        request.body = Data("a=b".utf8)
        request.timeout = 5000
        request.maxBytes = 1 << 20
        (request.followsRedirects, request.usesCookies, request.verifiesCertificate) = (false, false, false)
        return request
    }

    @Test("asks for services as then, and reads the answers", arguments: services.indices, [false, true])
    func service(index: Int, isNewer: Bool) async throws {
        let service = Self.services[index]
        let recordings = try Recording.load("services")[service.method] ?? []
        let recording = try #require(recordings.first { $0.name == service.name })
        let result = try (isNewer ? recording.result.withUnknownMembers() : recording.result).json
        let host = OldHost { _ in (result, recording.resultAttachment.map { Data($0.utf8) }) }
        let output = try await service.call(RemoteHost(host.makeTable()))
        #expect(AnyHashable(output) == AnyHashable(service.output))
        let sent = try #require(host.received.first)
        #expect(sent.method == service.method)
        #expect(recording.parameters.losses(in: try JSONValue(sent.json)) == [])
        #expect(sent.attachment == recording.attachment.map { Data($0.utf8) })
    }

    @Test("uses no service that is not recorded")
    func completeness() throws {
        for (method, recordings) in try Recording.load("services") {
            for recording in recordings where recording.isForHostOnly != true {
                let isReplayed = Self.services.contains { $0.method == method && $0.name == recording.name }
                #expect(isReplayed, "\"\(recording.name)\" of \(method) is not replayed.")
            }
        }
    }

    @Test("writes to the log")
    func log() throws {
        let host = OldHost { _ in (Data("{}".utf8), nil) }
        RemoteHost(host.makeTable()).log(.warning, "Careful.", fields: ["count": 2])
        let line = try #require(host.received.first)
        let fields = try JSONValue(line.json)
        #expect(line.attachment == Data("Careful.".utf8) && fields == ["count": 2])
    }

    @Test(
        "is created with recorded settings, called, and ended",
        arguments: [("everything", "nas:8080 Films"), ("the least", "nas:80 ")],
        [false, true]
    )
    func life(expected: (name: String, version: String), isNewer: Bool) async throws {
        let life = try Recording.load("life")
        let create = try #require(life["create"]?.first { $0.name == expected.name })
        let destroy = try #require(life["destroy"]?.first)
        let table = PluginExport.table(for: EveryKindPlugin.self).pointee
        let host = OldHost { _ in (Data("{}".utf8), nil) }
        let settings = isNewer ? create.parameters.withUnknownMembers() : create.parameters
        let instance = try #require(
            host.call("create", try settings.json) { table.create(host.makeTable(), $0) }
        )
        let created = try #require(await host.reply())
        #expect(created.status == 0)
        #expect(create.result.losses(in: try JSONValue(created.json)) == [])
        host.call("provider.test", Data("{}".utf8)) { table.invoke(instance, $0) }
        let tested = try #require(await host.reply())
        #expect(tested.status == 0)
        #expect(try JSONValue(tested.json)["version"] == .string(expected.version))
        host.call("destroy", try destroy.parameters.json) { table.destroy(instance, $0) }
        let ended = try #require(await host.reply())
        #expect(ended.status == 0)
        #expect(destroy.result.losses(in: try JSONValue(ended.json)) == [])
    }

    @Test("is asked to migrate settings as when that came, in 1.1")
    func migrate() async throws {
        let recordings = try Recording.load("life")["migrate"] ?? []
        #expect(!recordings.isEmpty)
        let table = PluginExport.table(for: EveryKindPlugin.self).pointee
        for recording in recordings {
            let host = OldHost { _ in (Data("{}".utf8), nil) }
            host.call("migrate", try recording.parameters.json) { table.migrate($0) }
            let reply = try #require(await host.reply())
            let result = try JSONValue(reply.json)
            #expect(reply.status == 0 && recording.result.losses(in: result) == [])
            let settings = try JSONValue(MigrationResult.settings(in: recording.result.json, from: "The plugin"))
            #expect(settings == recording.result["settings"])
            let sent = try MigrationParameters.json(from: 1, settings: (recording.parameters["settings"] ?? .null).json)
            #expect(recording.parameters.losses(in: try JSONValue(sent)) == [])
        }
    }
}
