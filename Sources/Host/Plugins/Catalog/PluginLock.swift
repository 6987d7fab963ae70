/// Which files are let in for each id: the content of `plugins.lock`.
struct PluginLock: Hashable, Sendable {
    private var list = HashList()

    init() {}

    /// - Throws: the first line that cannot be read; a name must be the id of a plugin.
    init(_ text: String) throws(HashList.Fault) {
        list = try HashList(text) { name in !name.contains(where: \.isWhitespace) }
    }

    var text: String { "# The plugins that are let in, by `kinodock plugins accept ID` or by hand.\n" + list.text }

    /// Whether a file with that hash may be used as the plugin `id`: an id that does not stand here is open to the first.
    func admits(_ sha256: String, as id: String) -> Bool {
        let pinned = list.lines.filter { $0.name == id }
        return pinned.isEmpty || pinned.contains { $0.sha256 == sha256 }
    }

    /// Whether it stands here already.
    func pins(_ sha256: String, as id: String) -> Bool { list.lines.contains(.init(sha256: sha256, name: id)) }

    /// Lets that file in from now on, and no other one for that id.
    mutating func pin(_ sha256: String, as id: String) {
        let place = list.lines.firstIndex { $0.name == id } ?? list.lines.endIndex
        list.lines.removeAll { $0.name == id }
        list.lines.insert(.init(sha256: sha256, name: id), at: min(place, list.lines.endIndex))
    }
}
