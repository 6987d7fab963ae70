import FoundationEssentials
import PluginAPI

/// What goes wrong, in words that say what to do.
extension Service {
    /// TMDB's own form of an error (developer.themoviedb.org, "Errors").
    private struct Refusal: Decodable {
        var statusCode: Int
        var statusMessage: String?
    }

    /// The answer, when it is one.
    func checked(_ response: ServiceResponse) throws -> ServiceResponse {
        let refusal = try? read(Refusal.self, from: response.body)
        switch response.status {
        case 200: return response
        case 304: return response
        case 401, 403: throw refused(refusal)
        case 404 where refusal != nil: throw PluginError(.notFound, "TMDB knows no such title.")
        case 400, 422: throw PluginError(.invalid, "TMDB does not understand the question\(words(refusal)).")
        case 300..<400:
            throw PluginError(
                .badResponse,
                "\(name) answers with a redirect. Enter the address that it leads to, ending in /3.",
                field: "url"
            )
        case 500...:
            throw PluginError(
                .remoteFailure,
                "\(name) answers \(response.status)\(words(refusal)). It will be tried again later.",
                retryAfter: response.retryDelay(at: host.now)
            )
        default: throw unreadable(response.body, status: response.status)
        }
    }

    func rateLimited(_ seconds: Int) -> PluginError {
        PluginError(.rateLimited, "TMDB asks to slow down for \(seconds) seconds.", retryAfter: seconds)
    }

    /// An answer that is not what the API promises.
    func unreadable(_ body: Data, status: Int = 200) -> PluginError {
        let begin = String(decoding: body.prefix(200), as: UTF8.self).lowercased()
        let what =
            begin.contains("<html") || begin.contains("<!doctype")
            ? "a web page" : body.isEmpty ? "nothing" : "no JSON that can be read"
        return PluginError(
            .badResponse,
            """
            \(name) answered \(what) where TMDB's API was expected (status \(status)). Check the address, and whether a \
            proxy or a sign-in page is in between.
            """,
            field: "url"
        )
    }

    private func refused(_ refusal: Refusal?) -> PluginError {
        guard let refusal else {
            return PluginError(
                .forbidden,
                "\(name) refuses this machine before it looks at the key. Check the address, and proxies in between.",
                field: "url"
            )
        }
        // 10 is a suspended key; all others are one that TMDB does not know.
        let advice =
            refusal.statusCode == 10
            ? "Ask TMDB why." : "Copy it anew from themoviedb.org, Settings, API: the key or the read access token."
        return PluginError(
            .unauthorized,
            "TMDB refuses the API key or token\(words(refusal)). \(advice)",
            field: "apiKey"
        )
    }

    /// TMDB's own reason, which never holds the key.
    private func words(_ refusal: Refusal?) -> String {
        guard let text = refusal?.statusMessage?.prefix(200), !text.isEmpty else { return "" }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return " (“\(line.hasSuffix(".") ? String(line.dropLast()) : line)”)"
    }
}
