import PluginAPI

/// What somebody looks for at the indexers.
struct SearchRequest: Sendable {
    /// Releases that each indexer is asked for when nothing is said, and at most.
    static let usualLimit = 100
    static let highestLimit = 500
    /// Seconds for the whole search when nothing is said, and at most.
    static let usualTimeout = 30
    static let longestTimeout = 120

    var query: ReleaseQuery
    /// The ids of the indexers to ask; all that are enabled when absent.
    var indexerIDs: [String]?
    /// How long to wait; what has come by then is the answer.
    var timeout = Duration.seconds(usualTimeout)

    init(_ query: ReleaseQuery) {
        self.query = query
        self.query.limit = query.limit ?? Self.usualLimit
    }
}
