import PluginAPI

/// What yt-dlp says when it gives up, in words that tell what to do.
struct Failure: Sendable {
    let error: PluginError

    /// - Parameter lines: what it wrote to its standard error; those after `ERROR:` count.
    init(_ lines: [String], link: String) {
        let errors = lines.filter { $0.hasPrefix("ERROR:") }.map { String($0.dropFirst(6)) }
        let text = errors.last ?? lines.last ?? ""
        let said = Self.plain(text)
        let host = Self.host(of: link)
        let rule = Self.rules.first { rule in rule.signs.contains { text.contains($0) } }
        guard let rule else {
            error = PluginError(
                .remoteFailure,
                said.isEmpty ? "yt-dlp gave up without a word. Try again, or update yt-dlp." : "yt-dlp: \(said)"
            )
            return
        }
        error = PluginError(
            rule.code,
            "\(rule.words(host)) yt-dlp says: \(said)",
            field: rule.code == .invalid ? rule.field : nil
        )
    }

    /// The host of an address, for words and for counting; the address itself may hold a key.
    static func host(of link: String) -> String {
        let authority = link.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        let host = authority.split(separator: "@").last ?? authority
        return String(host.prefix { $0 != "?" && $0 != "#" }).lowercased()
    }

    private struct Rule: Sendable {
        let signs: [String]
        let code: PluginError.Code
        var field: String?
        let words: @Sendable (_ host: String) -> String
    }

    private static let rules = [
        Rule(signs: ["No space left on device", "Disk quota exceeded"], code: .remoteFailure) { _ in
            "The disk is full. Make room, then retry."
        },
        Rule(
            signs: ["ffmpeg not found", "ffmpeg is not installed", "ffprobe and ffmpeg not found"],
            code: .unsupported
        ) {
            _ in "This needs ffmpeg, which is not there. Install it, or set its path in the settings of this client."
        },
        Rule(signs: ["Unsupported URL"], code: .invalid, field: "url") { host in
            "There is nothing at this address of \(host) that yt-dlp can download. Check it, or update yt-dlp."
        },
        Rule(signs: ["is not a valid URL"], code: .invalid, field: "url") { _ in "This is no address of a page." },
        Rule(signs: ["Requested format is not available"], code: .invalid, field: "options.format") { _ in
            "None of the formats fits the wish. Inspect the address to see them, or ask for less."
        },
        Rule(signs: ["HTTP Error 404", "HTTP Error 410", "Video unavailable", "does not exist"], code: .notFound) {
            "\($0) has nothing at this address (any more). Check it."
        },
        Rule(signs: ["HTTP Error 429", "Too Many Requests"], code: .rateLimited) {
            "\($0) asks to slow down. Wait, or let fewer downloads from one site run at a time."
        },
        Rule(
            signs: [
                "HTTP Error 401", "HTTP Error 403", "Sign in", "--cookies", "login required", "only available for",
            ],
            code: .forbidden
        ) { "\($0) does not let anybody in without a login. Give the cookies of a browser that is logged in." },
        Rule(signs: ["DRM"], code: .unsupported) { _ in "This is protected against copying, so it cannot be downloaded."
        },
        Rule(signs: ["HTTP Error 5"], code: .remoteFailure) { "\($0) has a problem of its own. Try again later." },
        Rule(signs: ["timed out", "Timeout"], code: .unreachable) { "\($0) has stopped answering. Try again later." },
        Rule(
            signs: [
                "Name or service not known", "Connection refused", "Failed to establish", "Failed to resolve",
                "Remote end closed", "Connection reset", "Network is unreachable", "No route to host",
                "more expected", "Connection aborted", "IncompleteRead",
            ],
            code: .unreachable
        ) { "The connection to \($0) failed. Check the address, and that the site can be reached from here." },
    ]

    /// The message without what only its authors need, and without addresses, which may hold keys.
    static func plain(_ text: String) -> String {
        var text = text
        for end in ["(caused by", "; please report", ". Use --", "; Confirm you are on"] {
            if let cut = text.indices.first(where: { text[$0...].hasPrefix(end) }) { text = String(text[..<cut]) }
        }
        // "[site] id: words", where the id may be a part of the address.
        if text.drop(while: \.isWhitespace).hasPrefix("["), let colon = text.firstIndex(of: ":") {
            text = String(text[text.index(after: colon)...])
        }
        let words = text.split(whereSeparator: \.isWhitespace).map { word in
            word.contains("://") ? "(address)" : String(word)
        }
        return String(words.joined(separator: " ").prefix(300))
    }
}
