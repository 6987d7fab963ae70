import PluginAPI

extension PluginManifest.Kind {
    /// The address of the instances of this kind.
    var apiPath: String {
        switch self {
        case .downloadClient: "/api/download-clients"
        case .indexer: "/api/indexers"
        case .metadataProvider: "/api/metadata-providers"
        case .notifier: "/api/notifiers"
        }
    }
}
