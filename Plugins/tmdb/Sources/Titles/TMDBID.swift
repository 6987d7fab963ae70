import PluginAPI

/// The number of a title at TMDB.
struct TMDBID: Hashable, Sendable, CustomStringConvertible {
    let number: Int

    var description: String { String(number) }

    /// Reads "603" and "tmdb:603".
    ///
    /// - Throws: `.notFound` for anything else: TMDB has nothing under such an id.
    init(_ text: String) throws {
        let digits = text.hasPrefix("tmdb:") ? text.dropFirst(5) : text[...]
        guard let number = Int(digits), number > 0, digits.allSatisfy(\.isNumber) else {
            throw PluginError(.notFound, "TMDB's ids are numbers, for example 603; “\(text.prefix(40))” is none.")
        }
        self.number = number
    }
}
