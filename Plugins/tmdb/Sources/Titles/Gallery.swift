import PluginAPI

/// The pictures of a title, each kind with the ones to be shown first at its begin.
struct Gallery: Sendable {
    let language: Language
    let pictures: Pictures

    /// - Parameter most: of each kind.
    func images(_ lists: Record.ImageLists?, poster: String?, backdrop: String?, most: Int) -> [MetadataImage] {
        let posters = sorted(lists?.posters, first: poster, by: [language.code, "en", nil], most)
        // A backdrop is shown behind text, so one without words comes first.
        let backdrops = sorted(lists?.backdrops, first: backdrop, by: [nil, language.code, "en"], most)
        let logos = sorted(lists?.logos, first: nil, by: [language.code, "en", nil], most)
        return posters.compactMap { image($0, .poster) } + backdrops.compactMap { image($0, .backdrop) }
            + logos.compactMap { image($0, .logo) }
    }

    private func sorted(
        _ list: [Record.ImageLists.Image]?,
        first path: String?,
        by languages: [String?],
        _ most: Int
    ) -> [Record.ImageLists.Image] {
        let list = list ?? []
        var found: [Record.ImageLists.Image] = []
        if let path { found.append(list.first { $0.filePath == path } ?? .init(filePath: path)) }
        let rest = list.enumerated().filter { $0.element.filePath != path }.map { entry in
            (rank: languages.firstIndex(of: entry.element.iso6391) ?? languages.count, entry.offset, entry.element)
        }
        found += rest.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        return Array(found.prefix(most))
    }

    private func image(_ image: Record.ImageLists.Image, _ kind: MetadataImage.Kind) -> MetadataImage? {
        let shape: Pictures.Shape = kind == .poster ? .poster : kind == .logo ? .logo : .backdrop
        guard let url = pictures.url(image.filePath, shape) else { return nil }
        var found = MetadataImage(kind, url: url)
        found.language = image.iso6391?.nonEmpty
        found.width = image.width
        found.height = image.height
        return found
    }
}
