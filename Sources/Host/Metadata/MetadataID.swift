/// An id of a title, with the catalogue that it is one of: "tmdb:603", "imdb:tt0133093".
struct MetadataID: Hashable, Sendable {
    /// The name of a catalogue: that of a plugin, or one of another catalogue that plugins know ids of.
    let source: String
    let id: String

    var text: String { source + ":" + id }

    init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    /// Reads an id.
    ///
    /// - Parameter source: of one that names none, unless it has the form of IMDb's.
    /// - Returns: `nil` for an empty id, one without a source, and one that is no short printable text.
    init?(_ text: String, assuming source: String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 200, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        if parts.count == 2 {
            self.init(source: parts[0].lowercased(), id: parts[1])
        } else if text.hasPrefix("tt"), text.dropFirst(2).allSatisfy(\.isNumber), text.utf8.count > 2 {
            self.init(source: "imdb", id: text)
        } else {
            guard let source else { return nil }
            self.init(source: source, id: text)
        }
        if self.source.isEmpty || id.isEmpty { return nil }
    }
}
