import PluginAPI

/// Where messages go, taken apart.
struct ReceiverAddress: Hashable, Sendable {
    /// "https://host:8080", without user and password.
    var origin: String { scheme + authority }
    /// Host and port.
    let authority: String
    private let scheme: String
    /// User and password as they stand before the host, with their `@`; mostly empty.
    private let login: String
    /// With its slash, without the query; empty for the root.
    let path: String
    /// With its question mark; empty when there is none.
    let query: String

    /// - Throws: `PluginError` with `.invalid` for the field `url`.
    init(_ text: String) throws(PluginError) {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix),
            !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F })
        else { throw Self.refusal("An address begins with http:// or https:// and has no blanks.") }
        let rest = text.dropFirst(scheme.count).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !host.isEmpty, host.first != ":" else { throw Self.refusal("The address names no host.") }
        self.scheme = scheme
        self.authority = String(host)
        login = String(authority.dropLast(host.count))
        let target = rest.dropFirst(authority.count)
        path = String(target.prefix { $0 != "?" })
        query = String(target.dropFirst(path.count))
    }

    /// The whole address, with another path if one is given; the query stays with its own path only.
    func url(path other: String? = nil) -> String {
        scheme + login + authority + (other ?? path + query)
    }

    /// The path without slashes at its end.
    var trimmedPath: String {
        var path = path[...]
        while path.last == "/" { path.removeLast() }
        return String(path)
    }

    private static func refusal(_ words: String) -> PluginError { PluginError(.invalid, words, field: "url") }
}
