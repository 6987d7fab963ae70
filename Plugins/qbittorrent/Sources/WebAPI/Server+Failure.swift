import FoundationEssentials
import PluginAPI

extension Server {
    /// Words for an answer that is no success.
    ///
    /// - Parameter action: what was tried, as it stands after "could not".
    func failure(_ response: ServiceResponse, doing action: String) -> PluginError {
        switch response.status {
        case 401:
            PluginError(
                .forbidden,
                """
                \(name) refuses the address by which it is called, or a proxy asks for a login: check the Host header \
                validation of its Web UI and the URL base.
                """,
                field: "host"
            )
        case 404:
            PluginError(
                .notFound,
                """
                Could not \(action): \(name) has nothing at this path. Check port and URL base; qBittorrent must be \
                4.1 or newer.
                """,
                field: "urlBase"
            )
        case 429: PluginError(.rateLimited, "\(name) asks to slow down.", retryAfter: pause(response) ?? 60)
        case 504:
            PluginError(.timeout, "The proxy in front of \(name) has waited too long for qBittorrent.")
        case 502, 503:
            PluginError(
                .unreachable,
                "The proxy in front of \(name) answers \(response.status): it does not reach qBittorrent.",
                retryAfter: pause(response)
            )
        case 500...: PluginError(.remoteFailure, "Could not \(action): \(name) answers \(response.status).")
        default:
            PluginError(.badResponse, "Could not \(action): \(name) answers \(response.status)\(words(of: response)).")
        }
    }

    /// An answer that is not what the API documents.
    func nonsense(_ what: String) -> PluginError {
        PluginError(
            .badResponse,
            "\(name) gave no readable \(what). Check host, port and URL base: another program may answer there.",
            field: "host"
        )
    }

    /// The short plain text that qBittorrent gives as a reason.
    private func words(of response: ServiceResponse) -> String {
        let text = String(decoding: response.body.prefix(200), as: UTF8.self)
        guard !text.isEmpty, !text.contains("<") else { return "" }
        return ": " + text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private func pause(_ response: ServiceResponse) -> Int? {
        response.header("Retry-After").flatMap { Int($0) }
    }
}
