/// A path on the machine of a media server, which may have Windows.
struct MediaPath: Hashable, Sendable {
    private let parts: [String]

    init(_ path: String) {
        let isWindows = Self.isWindows(path)
        let text = isWindows ? path.replacing("\\", with: "/").lowercased() : path
        parts = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    }

    /// Whether `other` is this path or lies below it.
    func holds(_ other: MediaPath) -> Bool {
        !parts.isEmpty && other.parts.starts(with: parts)
    }

    /// The folder that a path lies in.
    static func parent(_ path: String) -> String {
        let mark: Character = isWindows(path) && path.contains("\\") ? "\\" : "/"
        guard let last = path.lastIndex(of: mark) else { return path }
        return last == path.startIndex ? String(mark) : String(path[..<last])
    }

    /// `C:\films`, `C:/films` or `\\server\films`.
    static func isWindows(_ path: String) -> Bool {
        let first = path.utf8.first.map { Character(Unicode.Scalar($0)) }
        return path.hasPrefix("\\\\") || path.utf8.dropFirst().first == UInt8(ascii: ":") && first?.isLetter == true
    }
}
