public import struct FoundationEssentials.Data

/// How a release is downloaded.
public enum DownloadProtocol: String, Hashable, Sendable, CaseIterable {
    case torrent
    case usenet
    case url
}

/// What an indexer can be asked.
public struct IndexerCapabilities: Hashable, Sendable, Codable {
    public struct Category: Hashable, Sendable, Codable {
        /// The Newznab number, for example 2000 for movies.
        public var id: Int
        public var name: String

        public init(id: Int, name: String) {
            self.id = id
            self.name = name
        }
    }

    public var categories: [Category]
    /// The names of the query's members that the indexer uses, for example "text", "imdb_id", "season".
    public var parameters: [String]
    /// The most releases in one answer.
    public var limit: Int?

    public init(categories: [Category] = [], parameters: [String] = ["text"], limit: Int? = nil) {
        self.categories = categories
        self.parameters = parameters
        self.limit = limit
    }
}

/// What to search for; every member narrows the search.
public struct ReleaseQuery: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case any, movie, series
    }

    public var kind: Open<Kind>
    public var text: String?
    public var year: Int?
    /// With the `tt`.
    public var imdbID: String?
    public var tmdbID: Int?
    public var tvdbID: Int?
    public var season: Int?
    public var episode: Int?
    public var categories: [Int]?
    public var limit: Int?
    public var offset: Int?

    private enum CodingKeys: String, CodingKey {
        case kind, text, year, season, episode, categories, limit, offset
        case imdbID = "imdb_id"
        case tmdbID = "tmdb_id"
        case tvdbID = "tvdb_id"
    }

    public init(kind: Kind, text: String? = nil) {
        self.kind = .known(kind)
        self.text = text
    }
}

/// A release that an indexer offers.
public struct Release: Hashable, Sendable, Codable {
    /// The indexer's lasting name for it.
    public var guid: String
    public var title: String
    public var downloadProtocol: Open<DownloadProtocol>
    /// For `fetch`.
    public var link: String
    /// A page for people.
    public var infoURL: String?
    public var infoHash: String?
    /// In bytes; `nil` when the indexer does not tell.
    public var size: Int64?
    public var seeders: Int?
    public var leechers: Int?
    public var grabs: Int?
    /// ISO 8601, UTC.
    public var published: String?
    public var categories: [Int]
    public var imdbID: String?
    public var tmdbID: Int?
    public var tvdbID: Int?

    private enum CodingKeys: String, CodingKey {
        case guid, title, link, size, seeders, leechers, grabs, published, categories
        case downloadProtocol = "protocol"
        case infoURL = "info_url"
        case infoHash = "info_hash"
        case imdbID = "imdb_id"
        case tmdbID = "tmdb_id"
        case tvdbID = "tvdb_id"
    }

    public init(guid: String, title: String, downloadProtocol: DownloadProtocol, link: String) {
        self.guid = guid
        self.title = title
        self.downloadProtocol = .known(downloadProtocol)
        self.link = link
        self.categories = []
    }
}

/// What `Indexer.fetch` found: a magnet, or a file as the attachment of the answer.
public struct ReleaseContent: Hashable, Sendable {
    /// The form of the content.
    public var source: Open<PluginManifest.Source>
    /// The magnet; empty for a file.
    public var link: String
    /// The .torrent or NZB.
    public var file: Data?

    public init(magnet: String) {
        source = .known(.magnet)
        link = magnet
    }

    public init(_ source: PluginManifest.Source, file: Data) {
        self.source = .known(source)
        self.link = ""
        self.file = file
    }
}

/// The file is not part of the JSON: it travels as the attachment.
extension ReleaseContent: Codable {
    private enum CodingKeys: String, CodingKey { case source, link }
}
