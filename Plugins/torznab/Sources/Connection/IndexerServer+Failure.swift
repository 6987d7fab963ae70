import FoundationEssentials
import PluginAPI

/// What the failures of an indexer mean.
extension IndexerServer {
    /// Seconds to leave it alone after "too many requests" that does not say for how long.
    private static let shortPause = 60
    /// The same for a limit that is counted by the day.
    private static let longPause = 3600

    /// An error of the API; its numbers are those of the Newznab API (newznab.readthedocs.io, "Error codes").
    func failure(
        _ fault: IndexerFault,
        _ response: ServiceResponse,
        of purpose: RequestPace.Purpose
    ) -> PluginError {
        let said = words(fault.description)
        let reason = said.isEmpty ? "error \(fault.code)" : "\(said) (error \(fault.code))"
        switch fault.code {
        case 100: return keyRefused(reason)
        case 101: return PluginError(.forbidden, "\(name) has suspended the account: \(reason). Ask its site.")
        case 102...199:
            return PluginError(
                .forbidden,
                "\(name) does not allow this account to do that: \(reason).",
                field: "apiKey"
            )
        case 200 where fault.description.lowercased().contains("apikey"): return keyRefused(reason)
        case 200, 201: return PluginError(.invalid, "\(name) does not understand the search: \(reason).")
        case 202, 203: return PluginError(.unsupported, "\(name) cannot do this: \(reason).")
        case 300: return PluginError(.notFound, "\(name) does not have this release any more: \(reason).")
        case 429: return limited(response, reason, of: purpose, unsaid: Self.shortPause)
        case 500: return limited(response, reason, of: .search, unsaid: Self.longPause)
        case 501: return limited(response, reason, of: .download, unsaid: Self.longPause)
        case 910:
            let words = "\(name) has switched its API off: \(reason). Try again later, or ask its site."
            return PluginError(.remoteFailure, words)
        default: return PluginError(.remoteFailure, "\(name) reports a failure of its own: \(reason).")
        }
    }

    /// A status that is no success, without an error of the API.
    func failure(_ response: ServiceResponse, of purpose: RequestPace.Purpose) -> PluginError {
        let status = response.status
        switch status {
        case 300..<400:
            return PluginError(
                .badResponse,
                "\(name) answers with a redirect\(target(of: response)). Enter the address that it redirects to.",
                field: "url"
            )
        case 401: return keyRefused("status 401")
        case 403 where response.body.beginsWithWebPage:
            return PluginError(
                .forbidden,
                """
                \(name) refuses with a web page (status 403): what checks browsers, or a login, stands in front of it. Check \
                the address, and how programs get past that.
                """,
                field: "url"
            )
        case 403: return PluginError(.forbidden, "\(name) refuses: status 403. Check the API key.", field: "apiKey")
        case 404:
            let words = "\(name) has nothing at this address. Check address and path."
            return PluginError(.notFound, words, field: "path")
        case 429: return limited(response, "status 429", of: purpose, unsaid: Self.shortPause)
        case 502, 503, 504:
            if let pause = pause(response) { self.pace.pause(purpose, seconds: pause) }
            return PluginError(
                .unreachable,
                "\(name), or what stands in front of it, is out of service: status \(status).",
                retryAfter: pause(response)
            )
        case 500...: return PluginError(.remoteFailure, "\(name) reports a failure of its own: status \(status).")
        default: return PluginError(.badResponse, "\(name) answers with status \(status).")
        }
    }

    /// An answer that is not what the API documents.
    func unreadable(_ response: ServiceResponse, _ error: any Error) -> any Error {
        if error is CancellationError || error is PluginError { return error }
        let body = response.body
        if body.isEmpty { return nonsense("answers with nothing at all. Check address and path.") }
        if body.beginsWithWebPage {
            return nonsense(
                """
                answers with a web page in place of XML. Check address and path; a page that checks browsers, or a \
                login, may stand in front of it.
                """
            )
        }
        if let first = body.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return nonsense("answers with JSON in place of XML. Check address and path.")
        }
        switch error {
        case let damage as XMLDamage: return nonsense("gave an answer that \(damage.words).")
        case let strange as StrangeDocument:
            return nonsense("answers with <\(words(strange.root).prefix(40))>, which is another API. Check the path.")
        default: return nonsense("gave an answer that cannot be read.")
        }
    }

    /// A text of the indexer that may be shown: without keys, in one line.
    func words(_ text: String) -> String {
        SecretWords.safe(text, hiding: [settings.apiKey])
    }

    private func nonsense(_ reason: String) -> PluginError {
        PluginError(.badResponse, "\(name) \(reason)", field: "url")
    }

    private func keyRefused(_ reason: String) -> PluginError {
        let advice = settings.apiKey.isEmpty ? "Enter its API key." : "Check the API key."
        return PluginError(.unauthorized, "\(name) refuses the API key: \(reason). \(advice)", field: "apiKey")
    }

    private func limited(
        _ response: ServiceResponse,
        _ reason: String,
        of purpose: RequestPace.Purpose,
        unsaid: Int
    ) -> PluginError {
        let seconds = pause(response) ?? unsaid
        pace.pause(purpose, seconds: seconds)
        return PluginError(
            .rateLimited,
            "\(name) asks to slow down: \(reason). It is asked again in \(seconds) seconds.",
            retryAfter: seconds
        )
    }

    /// Seconds to wait, of the header Retry-After: a number or a time (RFC 9110, 10.2.3).
    private func pause(_ response: ServiceResponse) -> Int? {
        if let seconds = response.retryDelay(at: host.now) { return seconds }
        // Not all write a time as HTTP does.
        guard let time = response.header("Retry-After").flatMap({ FeedDate($0) }) else { return nil }
        return Int(min(max(time.date.timeIntervalSince(host.now), 0), 86_400).rounded(.up))
    }

    private func target(of response: ServiceResponse) -> String {
        guard let location = response.header("Location") else { return "" }
        // Queries can hold secrets.
        return SecretWords.harmless(String(location.prefix { $0 != "?" })).map { " to \($0)" } ?? ""
    }
}

extension Data {
    /// Whether this is HTML rather than XML, as far as its first bytes tell.
    var beginsWithWebPage: Bool {
        let start = String(decoding: prefix(1024), as: UTF8.self).lowercased()
        return start.contains("<!doctype html") || start.contains("<html")
    }
}
