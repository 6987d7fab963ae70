import FoundationEssentials
import PluginAPI

/// Whether an answer of success comes from the service that was meant, and means success there.
///
/// A page for browsers comes from somebody else: a login in front of the service, or the wrong address.
struct ServiceAnswer {
    private let format: MessageFormat
    private let status: Int
    /// The begin of the body, without white space.
    private let text: String

    init(_ format: MessageFormat, _ response: ServiceResponse) {
        self.format = format
        status = response.status
        text = String(decoding: response.body.prefix(256), as: UTF8.self).filter { !$0.isWhitespace }
    }

    /// - Parameter name: what messages call the receiver.
    /// - Returns: `nil` for a success.
    func failure(_ name: String) -> PluginError? {
        switch format {
        case .json, .form, .template: nil
        // The documentation of Apprise API: 204 is that there is nothing under the key.
        case .apprise where status == 204:
            PluginError(
                .notFound,
                "\(name) has no addresses under this key, so nobody was told. Enter them in Apprise API, or correct the key.",
                field: "url"
            )
        // Slack says "ok", and services that are like it some JSON.
        case .slack: text == "ok" || text.isEmpty || text.hasPrefix("{") ? nil : stranger(name)
        case .apprise, .discord, .gotify, .ntfy: text.hasPrefix("<") ? stranger(name) : nil
        }
    }

    private func stranger(_ name: String) -> PluginError {
        PluginError(
            .badResponse,
            "\(name) does not answer as \(format.label) does; check the address of the webhook, and what stands before it.",
            field: "url"
        )
    }
}
