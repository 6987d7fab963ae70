import FoundationEssentials

extension ServiceEndpoint {
    /// Words for an answer that is no success.
    ///
    /// - Parameters:
    ///   - action: what was tried, as it stands after "could not".
    ///   - oldest: the oldest version that has such an interface, for example "qBittorrent 4.1".
    public func failure(_ response: ServiceResponse, doing action: String, oldest: String? = nil) -> PluginError {
        switch response.status {
        case 404:
            let hint = oldest.map { "; \($0) or newer is needed" } ?? ""
            return PluginError(
                .notFound,
                "Could not \(action): \(name) has nothing at this path. Check port and URL base\(hint).",
                field: "urlBase"
            )
        case 429:
            return PluginError(.rateLimited, "\(name) asks to slow down.", retryAfter: pause(response) ?? 60)
        case 504:
            // The request may have arrived all the same.
            return PluginError(.timeout, "The proxy in front of \(name) has waited too long for \(product).")
        case 502, 503:
            return PluginError(
                .unreachable,
                "The proxy in front of \(name) answers \(response.status): it does not reach \(product).",
                retryAfter: pause(response)
            )
        case 501: return stranger(response, action)
        case 500...:
            return PluginError(
                .remoteFailure,
                "Could not \(action): \(name) answers \(response.status). Its log may say why."
            )
        default:
            let words = words(of: response)
            return words.isEmpty
                ? stranger(response, action)
                : PluginError(.badResponse, "Could not \(action): \(name) answers \(response.status)\(words).")
        }
    }

    /// An answer that no program gives which has such an interface.
    private func stranger(_ response: ServiceResponse, _ action: String) -> PluginError {
        PluginError(
            .badResponse,
            """
            Could not \(action): \(name) answers \(response.status). Check host and port: another program may answer there.
            """,
            field: "port"
        )
    }

    /// An answer that is not what the interface documents.
    ///
    /// - Parameter what: what was asked for, as it stands after "no readable".
    public func nonsense(_ what: String) -> PluginError {
        PluginError(
            .badResponse,
            "\(name) gave no readable \(what). Check host, port and URL base: another program may answer there.",
            field: "host"
        )
    }

    /// An answer that cannot be read, to a request that gave the program something to do.
    ///
    /// - Parameter what: what was asked for, as it stands after "no readable".
    /// - Returns: `.interrupted`, for the program may have done it all the same; but as `nonsense` when a web page came,
    ///   with which programs do not answer such a request.
    public func unconfirmed(_ what: String, by response: ServiceResponse) -> PluginError {
        let first = response.body.first { $0 > UInt8(ascii: " ") }
        guard first != UInt8(ascii: "<") else { return nonsense(what) }
        let words = "\(name) gave no readable \(what), so it may have done it or not."
        return PluginError(.interrupted, words, field: "host")
    }

    /// The short plain text that a program gives as a reason.
    private func words(of response: ServiceResponse) -> String {
        let text = String(decoding: response.body.prefix(200), as: UTF8.self)
        guard !text.isEmpty, !text.contains("<") else { return "" }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        // The sentence around it has its own full stop.
        return ": " + (line.hasSuffix(".") ? line.dropLast() : line[...])
    }

    private func pause(_ response: ServiceResponse) -> Int? {
        response.retryDelay(at: host.now)
    }
}
