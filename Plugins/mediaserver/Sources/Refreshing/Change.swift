import PluginAPI

/// Something that has become of a file.
struct Change: Hashable, Sendable, Codable {
    enum Kind: String, Hashable, Sendable, Codable {
        case created, modified, deleted
    }

    /// As the media server sees it.
    let path: String
    let kind: Kind

    /// The changes that an event tells of.
    static func all(in event: NotificationEvent, _ map: PathMap) -> [Change] {
        let paths = texts(event.details["paths"]) ?? event.details["path"]?.string.map { [$0] } ?? []
        let replaced = texts(event.details["replaced"]) ?? []
        let gone = replaced.filter { !paths.contains($0) }.map { Change(path: map.mapped($0), kind: .deleted) }
        return gone
            + paths.map { path in
                let kind: Kind =
                    event.kind == .deleted ? .deleted : replaced.contains(path) ? .modified : .created
                return Change(path: map.mapped(path), kind: kind)
            }
    }

    private static func texts(_ value: JSONValue?) -> [String]? {
        value?.array?.compactMap(\.string)
    }
}
