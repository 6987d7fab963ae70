import PluginAPI

/// What the server and its users read about the plugin.
enum WebhookManifest {
    static let manifest = PluginManifest(
        id: "webhook",
        name: "Webhook",
        version: "1.0.0",
        description: """
            Sends events to any address, as JSON, as a form or by a template, and as messages to Discord, Slack, ntfy, \
            Gotify and Apprise API.
            """,
        settings: SettingsSchema(fields: fields, presets: presets)
    )

    private static let own: [JSONValue] = [.string("json"), .string("form"), .string("template")]

    private static let fields: [SettingsField] =
        receiver + [.events(), .mediaTypes()] + content + security + connection

    private static let receiver: [SettingsField] = [
        .select(
            "format",
            label: "What is sent",
            options: MessageFormat.allCases.map { .init($0.rawValue, label: $0.label) }
        )
        .default("json").required(),
        .secret("url", label: "Address").required().placeholder("https://example.com/hook").help(
            """
            Discord and Slack: the address of the webhook. ntfy: server and topic, as https://ntfy.sh/TOPIC. Gotify: the \
            server. Apprise API: http://HOST:8000/notify/KEY. It is kept like a password, for those of Discord and Slack \
            are as good as one.
            """
        ),
        .secret("apiKey", label: "Token").help(
            "ntfy: an access token. Gotify: the token of an application. Otherwise sent as a bearer token, if there is one."
        ),
    ]

    private static let content: [SettingsField] = [
        visible(.select("method", label: "Method", options: [.init("POST"), .init("PUT")]).default("POST")),
        .text("template", label: "Template").visible(when: "format", in: "template").required().help(
            """
            For example {"text":"{{title}}","path":"{{details.path}}"}. Values are escaped as the content type asks for; \
            the README of the plugin has the rest.
            """
        ),
        .text("contentType", label: "Content type").default("application/json")
            .visible(when: "format", in: "template"),
        .text("sender", label: "Sender").default("Kinodock").advanced().visible(when: "format", in: "discord", "slack")
            .help("The name under which the message stands; empty for that of the webhook."),
        .number("priority", label: "Priority", in: 1...10).default(3).step(1).advanced()
            .visible(when: "format", in: "ntfy", "gotify")
            .help("ntfy: 1 to 5. Gotify: 1 to 10. What needs a person is one more urgent."),
        .text("tag", label: "Tag").advanced().visible(when: "format", in: "apprise")
            .help("Tells which of the addresses that Apprise API keeps are notified."),
        .secret("addresses", label: "Apprise addresses").advanced().visible(when: "format", in: "apprise")
            .help("For http://HOST:8000/notify without a key: where Apprise sends, separated by commas."),
    ]

    private static let security: [SettingsField] = [
        .keyValue("headers", label: "Headers").advanced().help(
            "Sent with each request. They are shown here, so use the token for secrets."
        ),
        visible(
            .text("apiKeyHeader", label: "Header of the token").default("Authorization").advanced().help(
                "In another one than Authorization the token stands as it is."
            )
        ),
        .secret("signingSecret", label: "Signing secret").advanced().help(
            "With it the receiver can tell that a request is from here: X-Kinodock-Signature is its HMAC-SHA256 of the body."
        ),
    ]

    private static let connection: [SettingsField] = [
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced()
            .warning("Without it anybody between here and there can read and change what is sent."),
        .number("timeoutSeconds", label: "Time limit", in: 1...25, unit: "seconds").default(15).advanced(),
    ]

    private static let presets: [SettingsSchema.Preset] = MessageFormat.allCases.filter(\.isService).map { format in
        .init(format.label, values: ["format": .string(format.rawValue)])
    }

    private static func visible(_ field: SettingsField) -> SettingsField {
        var field = field
        field.visibleWhen = .init("format", in: own)
        return field
    }
}
