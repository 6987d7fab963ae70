/// How a folder that a download client names is called on this machine.
struct PathMapping: Hashable, Sendable, Codable {
    /// As the client writes it, for example `/downloads` or `C:\Downloads`.
    var remote: String
    /// As this machine sees the same folder.
    var local: String
}

/// A client's path and what it means here.
struct MappedPath: Hashable, Sendable {
    /// As the client named it.
    let remote: String
    /// Where to look on this machine; equal to `remote` when no mapping fits.
    let local: String
    /// Whether a mapping was used.
    let isMapped: Bool
}

/// The mappings of one client.
///
/// A mapping fits when its components begin the path's components, so `/downloads` never touches `/downloads2`. The one
/// with the most components wins. Nothing is guessed: a path that no mapping fits stays as it is.
struct PathMappings: Hashable, Sendable {
    private struct Rule: Hashable, Sendable {
        let remote: ClientPath
        let local: String
    }

    private let rules: [Rule]

    init(_ mappings: [PathMapping]) {
        rules = mappings.map { Rule(remote: ClientPath($0.remote), local: $0.local) }
            .filter { !$0.local.isEmpty }
            .sorted { $0.remote.components.count > $1.remote.components.count }
    }

    func resolve(_ remote: String) -> MappedPath {
        let path = ClientPath(remote)
        // A path with `..` could leave the mapped folder; it stays as it is and is refused where it is used.
        guard !path.components.contains(".."), let rule = rules.first(where: { path.begins(with: $0.remote) }) else {
            return MappedPath(remote: remote, local: remote, isMapped: false)
        }
        let rest = path.components.dropFirst(rule.remote.components.count)
        let local = rest.reduce(rule.local) { FilePath.join($0, $1) }
        return MappedPath(
            remote: remote,
            local: local.count > 1 && local.hasSuffix("/") ? String(local.dropLast()) : local,
            isMapped: true
        )
    }
}

/// An absolute path in the words of a client's operating system.
private struct ClientPath: Hashable, Sendable {
    /// Drive letter first on Windows, for example `["c:", "Downloads"]`.
    let components: [String]
    let isWindows: Bool
    private let isAbsolute: Bool
    /// Whether the text begins with two separators: on Windows the name of a computer follows them.
    private let isShare: Bool

    init(_ text: String) {
        let start = Array(text.utf8.prefix(2))
        let hasDrive = start.count == 2 && start[1] == UInt8(ascii: ":") && Character(UnicodeScalar(start[0])).isLetter
        isWindows = hasDrive || text.hasPrefix(#"\"#)
        isAbsolute = isWindows || text.hasPrefix("/")
        isShare = text.hasPrefix(#"\\"#) || text.hasPrefix("//")
        // On other systems `\` is a letter like any other and stays one.
        let separators: Set<Character> = isWindows ? ["/", #"\"#] : ["/"]
        components = text.split { separators.contains($0) }.filter { $0 != "." }.map(String.init)
    }

    func begins(with prefix: ClientPath) -> Bool {
        // Clients on Windows also write the path of a share with `/`.
        guard isWindows == prefix.isWindows || isShare && prefix.isShare else { return false }
        guard isAbsolute, prefix.isAbsolute, components.count >= prefix.components.count else { return false }
        let ignoresCase = isWindows || prefix.isWindows
        return zip(components, prefix.components).allSatisfy {
            ignoresCase ? $0.lowercased() == $1.lowercased() : $0 == $1
        }
    }
}
