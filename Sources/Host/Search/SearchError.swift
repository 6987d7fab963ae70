import PluginAPI

/// Why a search or a grab is refused.
enum SearchError: Error, Sendable {
    /// No indexer is configured and enabled.
    case noIndexers
    /// There is no such instance of an indexer, or it is switched off.
    case noSuchIndexer(String)
    /// No search of the last time has found a release with this id.
    case noSuchRelease
    /// The indexer could not be asked for the release, or gave something else.
    case indexer(name: String, PluginError)
}
