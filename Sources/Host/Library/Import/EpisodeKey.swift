/// An episode of a series that no catalogue describes: its numbers are its name.
///
/// Numbers that count through a whole series are those of its first season. A day is an episode of the season of its
/// year, with the month and the day as its number: 311 of season 2024 is the 11th of March.
struct EpisodeKey: Hashable, Comparable {
    let season: Int
    let number: Int

    init(season: Int, number: Int) {
        self.season = season
        self.number = number
    }

    init?(_ file: LibraryFile) {
        guard let season = file.season, let number = file.episode else { return nil }
        self.init(season: season, number: number)
    }

    init?(id: String) {
        let parts = id.dropFirst().split(separator: "e").compactMap { Int($0) }
        guard id.hasPrefix("s"), parts.count == 2 else { return nil }
        self.init(season: parts[0], number: parts[1])
    }

    /// The episodes that a name speaks of.
    static func all(in numbers: EpisodeNumbers?) -> [EpisodeKey] {
        switch numbers {
        case .episodes(let season, let numbers): numbers.map { EpisodeKey(season: season, number: $0) }
        case .absolute(let numbers): numbers.map { EpisodeKey(season: 1, number: $0) }
        case .airDate(let year, let month, let day): [EpisodeKey(season: year, number: month * 100 + day)]
        case .seasons, .completeSeries, nil: []
        }
    }

    var facts: EpisodeFacts {
        var facts = EpisodeFacts(id: "s\(season)e\(number)", season: season, number: number)
        if season > 1900, number > 100 {
            facts.airDate = EpisodeFacts.airDate(year: season, month: number / 100, day: number % 100)
        }
        return facts
    }

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.season, lhs.number) < (rhs.season, rhs.number) }
}
