import FoundationEssentials

@testable import PluginAPI

/// What a recorded call means in the types of the SDK.
struct Exchange: Sendable {
    let method: String
    /// The `name` of the recording.
    let name: String
    /// What the plugin's method is called with.
    let input: [Replayed]
    /// What it gives back.
    let output: Replayed
    /// Makes the call as the host does.
    let call: @Sendable (any PluginTransport) async throws -> Replayed
    /// Reads parameters and writes them again.
    let rewriteParameters: @Sendable (Data) throws -> Data
    /// Reads a result and writes it again.
    let rewriteResult: @Sendable (Data) throws -> Data

    init<Parameters: Codable & SendableMetatype, Result: Codable & SendableMetatype>(
        _ method: String,
        _ name: String,
        _ parameters: Parameters.Type,
        _ input: [Replayed],
        _ result: Result.Type,
        _ output: Replayed,
        call: @escaping @Sendable (any PluginTransport) async throws -> Replayed
    ) {
        self.method = method
        self.name = name
        self.input = input
        self.output = output
        self.call = call
        rewriteParameters = { try WireJSON.encode(WireJSON.decodeParameters(Parameters.self, from: $0)) }
        rewriteResult = { try WireJSON.encode(WireJSON.decode(Result.self, from: $0)) }
    }

    /// Of a method without result.
    init<Parameters: Codable & SendableMetatype>(
        _ method: String,
        _ name: String,
        _ parameters: Parameters.Type,
        _ input: [Replayed],
        act: @escaping @Sendable (any PluginTransport) async throws -> Void
    ) {
        self.init(method, name, parameters, input, None.self, Nothing()) { transport in
            try await act(transport)
            return Nothing()
        }
    }

    /// Every recording has its meaning here.
    static let all = provider + download + indexer + metadata + notifier

    static func of(_ method: String, _ name: String) -> Exchange? {
        all.first { $0.method == method && $0.name == name }
    }
}

extension Exchange {
    static let provider: [Exchange] = [
        Exchange("provider.test", "everything", None.self, [], ConnectionReport.self, report) {
            try await RemoteIndexer($0).test()
        },
        Exchange("provider.test", "the least", None.self, [], ConnectionReport.self, ConnectionReport()) {
            try await RemoteDownloadClient($0).test()
        },
        Exchange(
            "provider.options",
            "everything",
            OptionsParameters.self,
            ["categories"],
            OptionsResult.self,
            [SettingsField.Option("films", label: "Films"), SettingsField.Option("", label: "None")]
        ) { try await RemoteNotifier($0).options(for: "categories") },
        Exchange(
            "provider.options",
            "the least",
            OptionsParameters.self,
            [""],
            OptionsResult.self,
            [SettingsField.Option]()
        ) { try await RemoteMetadataProvider($0).options(for: "") },
    ]

    private static var report: ConnectionReport {
        var report = ConnectionReport(version: "v5.1.4", apiVersion: "2.11.4")
        report.savePath = "/downloads"
        report.categories = ["films": "/downloads/films", "series": ""]
        report.checks = [
            .init("connection", ok: true),
            .init("login", ok: false, field: "password", message: "Correct the password."),
        ]
        report.warnings = [.init("old_version", "Update the client to 5.1.", field: "host")]
        return report
    }

    static let notifier: [Exchange] = [
        Exchange(
            "notifier.supportedEvents",
            "everything",
            None.self,
            [],
            EventsResult.self,
            NotificationEvent.Kind.allCases.prefix(10).map(Open.known)
        ) { try await RemoteNotifier($0).supportedEvents() },
        Exchange(
            "notifier.supportedEvents",
            "the least",
            None.self,
            [],
            EventsResult.self,
            [Open<NotificationEvent.Kind>]()
        ) { try await RemoteNotifier($0).supportedEvents() },
        Exchange("notifier.notify", "everything", NotificationEvent.self, [event]) {
            try await RemoteNotifier($0).notify(event)
        },
        Exchange("notifier.notify", "the least", NotificationEvent.self, [leastEvent]) {
            try await RemoteNotifier($0).notify(leastEvent)
        },
    ]

    private static let leastEvent = NotificationEvent(id: "", kind: .test, time: "", title: "", message: "")

    private static var event: NotificationEvent {
        var event = NotificationEvent(
            id: "e7",
            kind: .manualActionNeeded,
            time: "2001-04-25T10:00:00Z",
            title: "A film",
            message: "Look at it."
        )
        event.details = ["size": 7, "ratio": 1.5, "path": "/films", "ok": true, "files": ["a", "b"]]
        return event
    }
}
