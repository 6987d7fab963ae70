/// What a plugin says about itself; the host reads it before it creates anything.
public struct PluginManifest: Hashable, Sendable, Codable {
    /// The kinds of backend that the host knows.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `DownloadClient`.
        case downloadClient = "download_client"
        /// `Indexer`.
        case indexer
        /// `MetadataProvider`.
        case metadataProvider = "metadata_provider"
        /// `Notifier`.
        case notifier
    }

    /// What a download client takes.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// A magnet link.
        case magnet
        /// The bytes of a .torrent file.
        case torrent
        /// The bytes of an NZB file.
        case nzb
        /// An http address of a page or file that the client fetches itself.
        case url
    }

    /// Lower-case letters, digits and hyphens; the name of the plugin's folder, for example `qbittorrent`.
    public var id: String
    /// For people, for example "qBittorrent".
    public var name: String
    /// Semantic: `1.2.3`.
    public var version: String
    /// One or two sentences for people.
    public var description: String
    /// Who to turn to.
    public var author: String?
    /// A page about the plugin.
    public var link: String?
    /// Filled in by the SDK from the protocols that the plugin conforms to.
    public var kinds: [Open<Kind>]
    /// What a download client takes, most wanted first.
    public var sources: [Open<Source>]?
    /// The form for the settings of an instance.
    public var settings: SettingsSchema
    /// Whether a server that has nothing configured yet adds an instance of it by itself, with the form's defaults; key
    /// `embedded_default`.
    ///
    /// For a plugin that needs neither another program nor an account. It counts for the first start of a server only.
    public var isEmbeddedDefault: Bool?

    private enum CodingKeys: String, CodingKey {
        case id, name, version, description, author, link, kinds, sources, settings
        case isEmbeddedDefault = "embedded_default"
    }

    /// A manifest whose `kinds` the SDK fills in.
    public init(
        id: String,
        name: String,
        version: String,
        description: String,
        author: String? = nil,
        link: String? = nil,
        sources: [Source]? = nil,
        settings: SettingsSchema
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.description = description
        self.author = author
        self.link = link
        self.kinds = []
        self.sources = sources?.map(Open.known)
        self.settings = settings
    }
}
