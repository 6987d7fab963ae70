import FoundationEssentials
import Testing

@testable import PluginAPI

/// Plugins and servers of 1.0 are in the field: whatever they send must be understood, and they must understand what
/// they are sent.
///
/// The recordings are written once for each released version and never changed: a failure here is a change of the wire.
@Suite("Recorded messages", .timeLimit(.minutes(1)))
struct RecordedMessagesTests {
    private let recordings: [String: [Recording]]

    init() throws {
        recordings = try Recording.load("provider", "download", "indexer", "metadata", "notifier")
    }

    private func recording(of exchange: Exchange) throws -> Recording {
        try #require(
            recordings[exchange.method]?.first { $0.name == exchange.name },
            "There is no recording \"\(exchange.name)\" of \(exchange.method)."
        )
    }

    private func expectNoLoss(_ recorded: JSONValue, in today: Data, _ place: String) throws {
        let losses = recorded.losses(in: try JSONValue(today))
        #expect(losses == [], "\(place)")
    }

    private func expectSame(_ value: Replayed, _ expected: Replayed, _ place: String) {
        #expect(AnyHashable(value) == AnyHashable(expected), "\(place)")
    }

    @Test("exist for every method of every kind")
    func complete() {
        let methods = Set(MethodTable.provider.keys).union(
            PluginManifest.Kind.allCases.flatMap { MethodTable.methods(of: $0).keys }
        )
        for method in methods.subtracting(recordings.keys).sorted() {
            Issue.record("\(method) is new: record its calls in Tests/Fixtures/Messages, in the folder of its version.")
        }
        for method in Set(recordings.keys).subtracting(methods).sorted() {
            Issue.record("\(method) was released, and plugins and servers call it: it must not go away.")
        }
    }

    @Test("have a meaning, each of them")
    func meanings() {
        for (method, recordings) in recordings {
            for recording in recordings where Exchange.of(method, recording.name) == nil {
                Issue.record("Exchange does not say what \"\(recording.name)\" of \(method) means.")
            }
        }
    }

    @Test("reach today's plugin and make it answer as then", arguments: Exchange.all.indices, [false, true])
    func plugin(index: Int, isNewer: Bool) async throws {
        let exchange = Exchange.all[index]
        let recording = try recording(of: exchange)
        let place = "\(exchange.method), \(exchange.name)"
        let plugin = ReplayPlugin(answering: exchange.output)
        let parameters = isNewer ? recording.parameters.withUnknownMembers() : recording.parameters
        let answer = try await LoopbackTransport(plugin).call(
            method: exchange.method,
            json: parameters.json,
            attachment: recording.attachment.map { Data($0.utf8) },
            deadline: .seconds(5)
        )
        #expect(plugin.seen.map { AnyHashable($0) } == exchange.input.map { AnyHashable($0) }, "\(place)")
        try expectNoLoss(recording.result, in: answer.json, place)
        #expect(answer.attachment == recording.resultAttachment.map { Data($0.utf8) }, "\(place)")
    }

    @Test(
        "are what today's server sends, and it reads the answers of then",
        arguments: Exchange.all.indices,
        [false, true]
    )
    func host(index: Int, isNewer: Bool) async throws {
        let exchange = Exchange.all[index]
        let recording = try recording(of: exchange)
        let place = "\(exchange.method), \(exchange.name)"
        let result = isNewer ? recording.result.withUnknownMembers() : recording.result
        let transport = ReplayTransport(
            result: try result.json,
            attachment: recording.resultAttachment.map { Data($0.utf8) }
        )
        expectSame(try await exchange.call(transport), exchange.output, place)
        let sent = try #require(await transport.sent)
        #expect(sent.method == exchange.method)
        try expectNoLoss(recording.parameters, in: sent.json, place)
        #expect(sent.attachment == recording.attachment.map { Data($0.utf8) }, "\(place)")
    }

    /// A server asks for one of these; a plugin that does not know it could only do something else, so it refuses.
    private static let closed: Set = ["files.0", "files.3", "files.4"]

    @Test("may hold a name that nobody knows yet: it is kept as it is", arguments: Exchange.all.indices)
    func unknownNames(index: Int) throws {
        let exchange = Exchange.all[index]
        let recording = try recording(of: exchange)
        for (path, message) in recording.parameters.replacingTexts(with: "from_later") {
            if exchange.method == "download.prioritize", Self.closed.contains(path) {
                let error = #expect(throws: PluginError.self) { try exchange.rewriteParameters(message.json) }
                #expect(error?.code.value == .invalid && error?.field == path)
                continue
            }
            try expectNoLoss(message, in: exchange.rewriteParameters(message.json), exchange.method)
        }
        for (_, message) in recording.result.replacingTexts(with: "from_later") {
            try expectNoLoss(message, in: exchange.rewriteResult(message.json), exchange.method)
        }
    }
}
