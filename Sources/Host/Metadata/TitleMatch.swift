import PluginAPI

/// Tells which of the titles that a catalogue has found is the one that is looked for, if that is beyond doubt.
struct TitleMatch: Sendable {
    let name: String
    /// `nil` fits any year.
    let year: Int?

    /// The only title whose name and year are those that are looked for.
    ///
    /// Years may differ by one: a first showing and a release are often on both sides of a new year. A title of the very
    /// year is preferred.
    func only(of titles: [MetadataTitle]) -> MetadataTitle? {
        let named = titles.filter { title in
            let names = [title.title, title.originalTitle].compactMap { $0 } + title.alternativeTitles
            return names.contains { Self.plain($0) == Self.plain(name) }
        }
        guard let year else { return named.count == 1 ? named[0] : nil }
        let exact = named.filter { $0.year == year }
        let near = named.filter { $0.year.map { abs($0 - year) == 1 } ?? false }
        let fitting = exact.isEmpty ? near : exact
        return fitting.count == 1 ? fitting[0] : nil
    }

    /// Letters and digits alone, in lower case: names of releases have no others.
    ///
    /// A mark above a letter that Unicode writes apart is left out.
    private static func plain(_ name: String) -> String {
        let folded = name.lowercased().replacing("&", with: "and")
        return String(folded.unicodeScalars.compactMap(letter).map(Character.init))
    }

    private static func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else { return nil }
        return marked[scalar] ?? scalar
    }

    /// The letters of western European languages without their marks.
    private static let marked: [Unicode.Scalar: Unicode.Scalar] = {
        let groups: [(String, Unicode.Scalar)] = [
            ("àáâãäåā", "a"), ("çćč", "c"), ("èéêëēę", "e"), ("ìíîïī", "i"), ("ñń", "n"), ("òóôõöøō", "o"),
            ("ùúûüū", "u"), ("ýÿ", "y"), ("śš", "s"), ("źżž", "z"), ("ł", "l"),
        ]
        let pairs = groups.flatMap { group, letter in group.unicodeScalars.map { ($0, letter) } }
        return Dictionary(pairs, uniquingKeysWith: { one, _ in one })
    }()
}
