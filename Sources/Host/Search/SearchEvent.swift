/// What happens in a search, in order: one `began`, one `answered` for each indexer, one `ended`.
enum SearchEvent: Sendable {
    /// These are asked, or would be if they did not rest.
    case began([Instance])
    /// An indexer has answered, failed, or was given up; with what nobody had given before.
    case answered(IndexerOutcome, new: [FoundRelease])
    case ended(SearchReport)
}

/// A search as a whole.
struct SearchReport: Sendable {
    /// Best first.
    let releases: [FoundRelease]
    /// In the order in which indexers are preferred.
    let outcomes: [IndexerOutcome]
    let isTruncated: Bool
    let milliseconds: Int

    /// Whether every indexer has answered.
    var isComplete: Bool { outcomes.allSatisfy { $0.status == .ok } }
}
