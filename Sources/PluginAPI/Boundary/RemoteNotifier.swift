// The protocol documents its methods.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// A notifier behind a transport.
public struct RemoteNotifier: Notifier {
    private let calls: RemoteCalls

    /// A proxy; ending the instance is the business of whoever owns the transport.
    public init(_ transport: any PluginTransport, deadlines: CallDeadlines = CallDeadlines()) {
        calls = RemoteCalls(transport: transport, deadlines: deadlines)
    }

    public func test() async throws -> ConnectionReport { try await calls.test() }

    public func options(for source: String) async throws -> [SettingsField.Option] {
        try await calls.options(for: source)
    }

    public func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] {
        try await calls.call("notifier.supportedEvents", None(), as: EventsResult.self).events
    }

    public func notify(_ event: NotificationEvent) async throws {
        _ = try await calls.call("notifier.notify", event, as: None.self, within: calls.deadlines.list)
    }
}
