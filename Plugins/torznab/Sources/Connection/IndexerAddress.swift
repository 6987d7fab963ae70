import PluginAPI

/// Where the API of an indexer is.
struct IndexerAddress: Hashable, Sendable {
    /// The address of the API, without a query.
    let api: String
    /// Host and port, for messages.
    let authority: String

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(_ settings: TorznabSettings) throws {
        let url = Self.trimmed(settings.url)
        guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }),
            url.utf8.count > scheme.utf8.count, url.allSatisfy({ !$0.isWhitespace })
        else {
            throw PluginError(.invalid, "Enter an address that begins with http:// or https://.", field: "url")
        }
        guard !url.contains("?"), !url.contains("#") else {
            throw PluginError(
                .invalid,
                "Enter the address without what stands behind the question mark; the key goes into its own field.",
                field: "url"
            )
        }
        let authority = url.dropFirst(scheme.count).prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.contains("@") else {
            throw PluginError(
                .invalid,
                "The address names no host, or holds a password, which it must not.",
                field: "url"
            )
        }
        self.authority = String(authority)
        api = Self.join(url, try Self.path(settings.path))
    }

    private static func path(_ text: String) throws -> String {
        let path = trimmed(text)
        guard path.allSatisfy({ !$0.isWhitespace && $0 != "?" && $0 != "#" }) else {
            throw PluginError(
                .invalid,
                "The path is something like /api, without blanks and question marks.",
                field: "path"
            )
        }
        return path.isEmpty || path.hasPrefix("/") ? path : "/" + path
    }

    /// People copy addresses with the path, and with a slash at the end.
    private static func join(_ url: String, _ path: String) -> String {
        url.lowercased().hasSuffix(path.lowercased()) ? url : url + path
    }

    /// Without blanks around it and without slashes at the end.
    private static func trimmed(_ text: String) -> String {
        var text = text[...].drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace || last == "/" { text.removeLast() }
        return String(text)
    }
}
