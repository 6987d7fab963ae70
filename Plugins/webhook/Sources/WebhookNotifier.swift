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
        if format == .slack { try checkSlack(answer) }
    }

    /// Slack says "ok", and services that are like it some JSON; a page is that of somebody else.
    private func checkSlack(_ answer: ServiceResponse) throws {
        let text = String(decoding: answer.body.prefix(64), as: UTF8.self).filter { !$0.isWhitespace }
        guard text == "ok" || text.isEmpty || text.hasPrefix("{") else {
            throw PluginError(
                .badResponse,
                "\(receiver.name) does not answer as Slack does; check the address of the webhook.",
                field: "url"
            )
        }
    }
}
