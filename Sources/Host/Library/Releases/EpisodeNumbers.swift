/// Which part of a series a release holds.
enum EpisodeNumbers: Hashable, Sendable, Codable {
    /// One or more episodes of a season, ascending. Season 0 holds specials.
    case episodes(season: Int, [Int])
    /// Whole seasons, ascending.
    case seasons([Int])
    /// The day on which the episode was shown.
    case airDate(year: Int, month: Int, day: Int)
    /// Numbers that count through all seasons, ascending.
    case absolute([Int])
    /// All seasons.
    case completeSeries

    /// Whether this is a day.
    var isAirDate: Bool {
        if case .airDate = self { true } else { false }
    }
}
