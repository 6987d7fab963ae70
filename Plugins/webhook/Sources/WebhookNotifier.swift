import FoundationEssentials
import PluginAPI

/// Sends events to an address on the web.
struct WebhookNotifier: Plugin, Notifier {
    static let manifest = WebhookManifest.manifest

    private let receiver: Receiver
    private let format: MessageFormat
    private let outgoing: Outgoing

    /// Reads the settings, and tries the template on an event that is made up; nothing is sent yet.
    init(settings: WebhookSettings, host: any HostServices) throws {
        guard let format = MessageFormat(rawValue: settings.format) else {
            throw PluginError(.invalid, "There is no format \(settings.format).", field: "format")
        }
        self.format = format
        receiver = Receiver(address: try ReceiverAddress(settings.url), settings: settings, host: host)
        outgoing = try Outgoing(receiver, format)
    }

    func test() async throws -> ConnectionReport {
        try await ReceiverTest(receiver: receiver, format: format, outgoing: outgoing).run()
    }

    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] {
        NotificationEvent.Kind.allCases.map(Open.known)
    }

    func notify(_ event: NotificationEvent) async throws {
        let answer = try await receiver.send(outgoing.request(for: event))
        if let failure = ServiceAnswer(format, answer).failure(receiver.name) { throw failure }
    }
}
