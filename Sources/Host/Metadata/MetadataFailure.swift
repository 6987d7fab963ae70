import PluginAPI

/// Why no catalogue has answered.
enum MetadataFailure: Error, Sendable {
    /// What a provider could not do.
    struct Problem: Sendable {
        /// The name of the instance.
        let provider: String
        let error: PluginError
    }

    /// No metadata provider is enabled, or none has a plugin that can be used.
    case noProvider
    /// Those that could be asked do not have it.
    case notFound
    /// Nobody has it, and at least one could not be asked.
    case failed([Problem])
}

extension MetadataFailure {
    /// The failure in words.
    var message: String {
        switch self {
        case .noProvider:
            "No metadata provider is enabled. Add one, for example TMDB, or enable it: POST /api/metadata-providers."
        case .notFound: "No metadata provider has such a title."
        case .failed(let problems): problems.map { "\($0.provider): \($0.error.message)" }.joined(separator: " ")
        }
    }
}
