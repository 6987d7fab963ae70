import PluginAPI

/// What somebody typed to find a title: words, perhaps with a year, or an id.
struct SearchText: Equatable, Sendable {
    enum Wish: Equatable, Sendable {
        case words(String, year: Int?)
        /// An id of TMDB, for a movie, a series or either.
        case number(String, isMovie: Bool?)
        /// An id of another catalogue.
        case external(source: String, id: String)
    }

    let wish: Wish

    /// Understands "Nosferatu", "Nosferatu (1922)", "tmdb:653", "imdb:tt0013442", "tvdb:1234", "tt0013442" and the
    /// addresses of a title's page at TMDB and IMDb.
    init(_ text: String) {
        let text = text.trimmed
        wish = Self.id(text) ?? Self.address(text) ?? Self.words(text)
    }

    private static func id(_ text: String) -> Wish? {
        if isIMDb(text) { return .external(source: "imdb", id: text) }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let id = String(parts[1]).trimmed
        switch parts[0].lowercased() {
        case "tmdb" where isNumber(id): return .number(id, isMovie: nil)
        case "imdb" where isIMDb(id): return .external(source: "imdb", id: id)
        case "tvdb" where isNumber(id): return .external(source: "tvdb", id: id)
        default: return nil
        }
    }

    /// `https://www.themoviedb.org/movie/653-nosferatu`, `https://www.imdb.com/title/tt0013442/`.
    private static func address(_ text: String) -> Wish? {
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
        let parts = text.split(separator: "/").dropFirst().map(String.init)
        guard parts.count >= 3 else { return nil }
        if parts[0].hasSuffix("imdb.com"), parts[1] == "title" {
            let id = String(parts[2].prefix { $0 != "?" })
            return isIMDb(id) ? .external(source: "imdb", id: id) : nil
        }
        let number = String(parts[2].prefix { $0.isNumber })
        guard parts[0].hasSuffix("themoviedb.org"), ["movie", "tv"].contains(parts[1]), isNumber(number) else {
            return nil
        }
        return .number(number, isMovie: parts[1] == "movie")
    }

    /// A year in brackets at the end is not a part of the title; one without may be.
    private static func words(_ text: String) -> Wish {
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "(") else { return .words(text, year: nil) }
        let inside = text[text.index(after: open)...].dropLast()
        let rest = String(text[..<open]).trimmed
        guard inside.utf8.count == 4, let year = Int(inside), (1870...2200).contains(year), !rest.isEmpty else {
            return .words(text, year: nil)
        }
        return .words(rest, year: year)
    }

    private static func isNumber(_ text: String) -> Bool {
        (1...9).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isIMDb(_ text: String) -> Bool {
        text.hasPrefix("tt") && (7...10).contains(text.utf8.count - 2)
            && text.dropFirst(2).utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
