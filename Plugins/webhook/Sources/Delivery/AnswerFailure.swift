import FoundationEssentials
import PluginAPI

/// What an answer that is no success means.
///
/// The host sends again what failed for a reason that passes; `.invalid` and `.notFound` say that it must not.
struct AnswerFailure {
    /// `nil` for a success.
    let error: PluginError?

    /// - Parameters:
    ///   - name: what messages call the receiver.
    ///   - now: what a time in the answer is compared with.
    init(_ response: ServiceResponse, _ name: String, at now: Date) {
        let detail = Self.detail(response)
        error =
            switch response.status {
            case 200..<300: nil
            case ..<400: Self.redirect(response, name)
            case 500...:
                PluginError(
                    .remoteFailure,
                    "\(name) failed with the status \(response.status); look into its own log.\(detail)",
                    retryAfter: Self.wait(response, now)
                )
            default: Self.refusal(response, name, detail, now)
            }
    }

    private static func refusal(
        _ response: ServiceResponse,
        _ name: String,
        _ detail: String,
        _ now: Date
    ) -> PluginError {
        switch response.status {
        case 401: PluginError(.unauthorized, "\(name) does not take the token or login.\(detail)", field: "apiKey")
        case 403:
            PluginError(.forbidden, "\(name) does not allow this with the token or login.\(detail)", field: "apiKey")
        case 404:
            PluginError(
                .notFound,
                "\(name) knows no such address. Check it, or make a new webhook.\(detail)",
                field: "url"
            )
        case 408, 425:
            PluginError(.remoteFailure, "\(name) could not take the message in time (\(response.status)).\(detail)")
        case 410:
            PluginError(
                .notFound,
                "The webhook at \(name) is gone: it was deleted there. Make a new one and enter its address.\(detail)",
                field: "url"
            )
        case 429:
            PluginError(
                .rateLimited,
                "\(name) asks to be sent fewer messages.\(detail)",
                retryAfter: wait(response, now)
            )
        default:
            PluginError(
                .invalid,
                "\(name) refuses the message with the status \(response.status).\(detail)",
                field: "url"
            )
        }
    }

    private static func redirect(_ response: ServiceResponse, _ name: String) -> PluginError {
        let target = response.header("Location").flatMap { try? ReceiverAddress($0) }?.origin
        return PluginError(
            .badResponse,
            """
            \(name) sends elsewhere\(target.map { ", to \($0)" } ?? ""), where nothing is sent unasked. Enter the address that it \
            leads to.
            """,
            field: "url"
        )
    }

    /// Seconds, rounded up: from the header, or from the JSON of Discord, which has parts of a second.
    private static func wait(_ response: ServiceResponse, _ now: Date) -> Int? {
        let inBody = (try? JSONDecoder().decode(JSONValue.self, from: response.body))?["retry_after"]?.number
        guard let seconds = inBody, seconds.isFinite, seconds >= 0 else { return response.retryDelay(at: now) }
        return Int(min(seconds, 86_400).rounded(.up))
    }

    /// What the receiver says itself, in a few words; pages for browsers say nothing.
    private static func detail(_ response: ServiceResponse) -> String {
        let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
        var words = text
        if let json = try? JSONDecoder().decode(JSONValue.self, from: response.body) {
            let keys = ["message", "errorDescription", "error_description", "detail", "error"]
            words = keys.compactMap { json[$0]?.string }.first ?? ""
        }
        words = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty, !words.hasPrefix("<") else { return "" }
        return " It says: \(words.shortened(to: 200))"
    }
}
