/// Text operations on absolute and relative paths with `/`.
///
/// None touches the disk.
enum FilePath {
    /// The components without empty ones and `.`.
    static func components(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }

    /// `folder` and `name` with one `/` between them.
    static func join(_ folder: String, _ name: some StringProtocol) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// Everything before the last component; `/` for the root itself.
    static func parent(of path: String) -> String {
        let parts = components(path).dropLast()
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// The last component; empty for the root.
    static func name(of path: String) -> String {
        components(path).last.map(String.init) ?? ""
    }

    /// The extension in lower case without the dot; `nil` for a name without one and for `.hidden`.
    static func fileExtension(of path: String) -> String? {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return nil }
        let text = name[name.utf8.index(after: dot)...]
        return text.isEmpty ? nil : text.lowercased()
    }

    /// The name without its folder and extension.
    static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let ext = fileExtension(of: name) else { return name }
        return String(name.utf8.dropLast(ext.utf8.count + 1)) ?? name
    }

    /// Whether `path` is `folder` or lies in it, by whole components.
    ///
    /// Names are compared byte for byte, as file systems do: to Swift, two spellings of an accented letter are equal.
    static func isEqualOrInside(_ path: String, _ folder: String) -> Bool {
        components(path).starts(with: components(folder)) { $0.utf8.elementsEqual($1.utf8) }
    }
}
