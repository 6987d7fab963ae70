/// How paths of the server are written on the machine of the media server.
struct PathMap: Sendable {
    private let pairs: [(from: String, to: String)]

    init(_ mappings: [String: String]) {
        pairs = mappings.map { (Self.trimmed($0.key), Self.trimmed($0.value)) }
            .sorted { $0.from.utf8.count > $1.from.utf8.count }
    }

    /// The folders to which something is mapped.
    var targets: [String] { pairs.map(\.to).sorted() }

    /// `path` as the media server sees it: by the longest mapping that names it or a folder above it, else as it is.
    func mapped(_ path: String) -> String {
        for pair in pairs where path == pair.from || path.hasPrefix(pair.from + "/") {
            let rest = String(path.dropFirst(pair.from.count))
            let usesBackslash = MediaPath.isWindows(pair.to) && !pair.to.contains("/")
            return pair.to + (usesBackslash ? rest.replacing("/", with: "\\") : rest)
        }
        return path
    }

    private static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" || path.last == "\\" { path.removeLast() }
        return path == "/" ? "" : String(path)
    }
}
