import FoundationEssentials
import PluginAPI

/// Makes requests out of events, in the form that the settings ask for.
struct Outgoing: Sendable {
    private let receiver: Receiver
    private let format: MessageFormat
    private let template: Template?

    private var settings: WebhookSettings { receiver.settings }
    private var address: ReceiverAddress { receiver.address }

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(_ receiver: Receiver, _ format: MessageFormat) throws {
        self.receiver = receiver
        self.format = format
        template = format == .template ? try Self.template(receiver.settings) : nil
        try HeaderRules.check(receiver.settings)
        if format == .ntfy { _ = try topic() }
        if format == .discord { try DiscordMessage.check(sender: receiver.settings.sender) }
    }

    /// - Throws: `PluginError` with `.invalid` when this event fits the template badly.
    func request(for event: NotificationEvent) throws -> ServiceRequest {
        let (body, contentType) = try content(event)
        var request = receiver.request(format.isService ? "POST" : settings.method, url)
        request.headers.append(HeaderField("Content-Type", contentType))
        request.headers += (settings.headers ?? [:]).sorted { $0.key < $1.key }.map { HeaderField($0.key, $0.value) }
        request.headers += login
        if !format.isService {
            request.headers += [
                HeaderField("X-Kinodock-Event", event.kind.text), HeaderField("X-Kinodock-Event-Id", event.id),
            ]
        }
        if let secret = settings.signingSecret, !secret.isEmpty {
            request.headers += Signature(secret: secret).headers(for: body, at: receiver.host.now)
        }
        request.body = body
        return request
    }

    /// The headers that carry the token, if there is one.
    var login: [HeaderField] {
        guard let token = settings.apiKey, !token.isEmpty else { return [] }
        if format == .gotify { return [HeaderField("X-Gotify-Key", token)] }
        if !format.isService, settings.apiKeyHeader.lowercased() != "authorization" {
            return [HeaderField(settings.apiKeyHeader, token)]
        }
        // With a blank in it, it names its own scheme.
        return [HeaderField("Authorization", token.contains(" ") ? token : "Bearer " + token)]
    }

    /// The name of the topic and the path of the server that has it.
    func topic() throws(PluginError) -> (name: String, root: String) {
        let path = address.trimmedPath
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let isName = name.utf8.allSatisfy { byte in
            byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                || "-_".utf8.contains(byte)
        }
        guard (1...64).contains(name.count), isName else {
            throw PluginError(
                .invalid,
                "The address of ntfy ends in the name of a topic, as https://ntfy.sh/TOPIC.",
                field: "url"
            )
        }
        return (name, String(path.dropLast(name.count + 1)))
    }

    private var url: String {
        let path = address.trimmedPath
        switch format {
        // Published to the root, for the topic stands in the message.
        case .ntfy: return address.url(path: ((try? topic().root) ?? "") + "/")
        case .gotify: return address.url(path: path.hasSuffix("/message") ? path : path + "/message")
        case .apprise where path.isEmpty: return address.url(path: "/notify")
        case .json, .form, .template, .discord, .slack, .apprise: return address.url()
        }
    }

    private func content(_ event: NotificationEvent) throws -> (Data, contentType: String) {
        let json = "application/json"
        let priority = Int(settings.priority)
        switch format {
        case .json: return (try Self.encoded(event), json)
        case .form: return (FormFields.body(event), FormFields.contentType)
        case .template: return (try rendered(event), settings.contentType)
        case .discord: return (try Self.encoded(DiscordMessage(event, sender: settings.sender)), json)
        case .slack: return (try Self.encoded(SlackMessage(event, sender: settings.sender)), json)
        case .ntfy: return (try Self.encoded(NtfyMessage(event, topic: topic().name, priority: min(5, priority))), json)
        case .gotify: return (try Self.encoded(GotifyMessage(event, priority: priority)), json)
        case .apprise:
            return (try Self.encoded(AppriseMessage(event, tag: settings.tag, urls: settings.addresses)), json)
        }
    }

    private static func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    // MARK: Templates

    private static func template(_ settings: WebhookSettings) throws(PluginError) -> Template {
        do throws(TemplateFault) {
            let template = try Template(settings.template ?? "")
            _ = try body(template, SampleEvent.event, settings)
            return template
        } catch {
            throw PluginError(.invalid, error.message, field: "template")
        }
    }

    private func rendered(_ event: NotificationEvent) throws(PluginError) -> Data {
        // There is one for this format.
        guard let template else { return Data() }
        do throws(TemplateFault) {
            return try Self.body(template, event, settings)
        } catch {
            throw PluginError(.invalid, error.message, field: "template")
        }
    }

    private static func body(
        _ template: Template,
        _ event: NotificationEvent,
        _ settings: WebhookSettings
    ) throws(TemplateFault) -> Data {
        let escaping = Escaping(contentType: settings.contentType)
        let body = Data(try template.render(event, escaping: escaping).utf8)
        guard escaping == .json else { return body }
        do {
            _ = try JSONDecoder().decode(JSONValue.self, from: body)
        } catch {
            throw TemplateFault(
                """
                The template gives no valid JSON\(Self.place(error)). Texts stand in quotes, as "{{title}}"; numbers and lists \
                are written by {{details.size | json}}.
                """
            )
        }
        return body
    }

    private static func place(_ error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error, let cause = context.underlyingError else {
            return ""
        }
        let words = "\(cause)"
        // The decoder names line and column in its own words.
        guard let range = words.firstRange(of: "around line ") else { return "" }
        return " around line " + words[range.upperBound...].prefix { $0 != "." && $0 != "\"" && $0 != "}" }
    }
}
