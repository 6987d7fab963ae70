public import struct FoundationEssentials.Data

/// How a release is downloaded.
public enum DownloadProtocol: String, Hashable, Sendable, CaseIterable {
    /// Through BitTorrent: the link is a magnet or leads to a .torrent.
    case torrent
    /// Through Usenet: the link leads to an NZB.
    case usenet
    /// Straight from an http address.
    case url
}

/// What an indexer can be asked.
public struct IndexerCapabilities: Hashable, Sendable, Codable {
    /// A category of the indexer.
    public struct Category: Hashable, Sendable, Codable {
        /// The Newznab number, for example 2000 for movies.
        public var id: Int
        /// What the indexer calls it.
        public var name: String

        /// A category, which may be one of the indexer's own from 100000 on.
        public init(id: Int, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// All that the indexer has, subcategories too.
    public var categories: [Category]
    /// The names of the query's members that the indexer uses, for example "text", "imdb_id", "season".
    public var parameters: [String]
    /// The most releases in one answer.
    public var limit: Int?

    /// An indexer that searches by text, unless more is said.
    public init(categories: [Category] = [], parameters: [String] = ["text"], limit: Int? = nil) {
        self.categories = categories
        self.parameters = parameters
        self.limit = limit
    }
}

/// What to search for; every member narrows the search.
public struct ReleaseQuery: Hashable, Sendable, Codable {
    /// What is looked for, which picks the way of searching; `any` goes by the text alone.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case any, movie, series
    }

    /// What is looked for.
    public var kind: Open<Kind>
    /// Words that the title must have.
    public var text: String?
    /// Of the first release.
    public var year: Int?
    /// The id at IMDb, with the `tt`; key `imdb_id`.
    public var imdbID: String?
    /// The id at TMDB; key `tmdb_id`.
    public var tmdbID: Int?
    /// The id at TheTVDB; key `tvdb_id`.
    public var tvdbID: Int?
    /// The number of a season; 0 is the specials.
    public var season: Int?
    /// The number of an episode of `season`.
    public var episode: Int?
    /// Newznab numbers, of which one must fit; all when absent.
    public var categories: [Int]?
    /// The most releases wanted; the indexer may have a lower limit of its own.
    public var limit: Int?
    /// How many releases to pass over, for the next page.
    public var offset: Int?

    private enum CodingKeys: String, CodingKey {
        case kind, text, year, season, episode, categories, limit, offset
        case imdbID = "imdb_id"
        case tmdbID = "tmdb_id"
        case tvdbID = "tvdb_id"
    }

    /// A search that is narrowed by setting more members.
    public init(kind: Kind, text: String? = nil) {
        self.kind = .known(kind)
        self.text = text
    }
}

/// A release that an indexer offers.
public struct Release: Hashable, Sendable, Codable {
    /// The indexer's lasting name for it.
    public var guid: String
    /// The name that tells quality and group, as it was published.
    public var title: String
    /// How it is downloaded; key `protocol`.
    public var downloadProtocol: Open<DownloadProtocol>
    /// What `fetch` takes: a magnet, or an address that may hold a secret of the indexer.
    public var link: String
    /// A page for people; key `info_url`.
    public var infoURL: String?
    /// The info hash of a torrent in lower-case hexadecimal digits; key `info_hash`.
    public var infoHash: String?
    /// In bytes; `nil` when the indexer does not tell.
    public var size: Int64?
    /// Those that have all of it; `nil` when the indexer does not tell.
    public var seeders: Int?
    /// Those that still need some of it; `nil` when the indexer does not tell.
    public var leechers: Int?
    /// How often it was downloaded.
    public var grabs: Int?
    /// ISO 8601, UTC.
    public var published: String?
    /// Newznab numbers.
    public var categories: [Int]
    /// The id at IMDb, with the `tt`; key `imdb_id`.
    public var imdbID: String?
    /// The id at TMDB; key `tmdb_id`.
    public var tmdbID: Int?
    /// The id at TheTVDB; key `tvdb_id`.
    public var tvdbID: Int?
    /// How many files it has.
    public var files: Int?
    /// How much of what is downloaded counts at a private tracker, 0 for a free one; key `download_volume_factor`.
    public var downloadVolumeFactor: Double?
    /// How much of what is uploaded counts at a private tracker; key `upload_volume_factor`.
    public var uploadVolumeFactor: Double?
    /// The upload ratio that the tracker asks for; key `minimum_ratio`.
    public var minimumRatio: Double?
    /// Seconds of seeding that the tracker asks for; key `minimum_seed_time`.
    public var minimumSeedTime: Int?
    /// What else the indexer has said, by its own names.
    public var attributes: [String: [String]]?

    private enum CodingKeys: String, CodingKey {
        case guid, title, link, size, seeders, leechers, grabs, published, categories, files, attributes
        case downloadProtocol = "protocol"
        case infoURL = "info_url"
        case infoHash = "info_hash"
        case imdbID = "imdb_id"
        case tmdbID = "tmdb_id"
        case tvdbID = "tvdb_id"
        case downloadVolumeFactor = "download_volume_factor"
        case uploadVolumeFactor = "upload_volume_factor"
        case minimumRatio = "minimum_ratio"
        case minimumSeedTime = "minimum_seed_time"
    }

    /// A release of which size and source are not known.
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

    /// Content that is a magnet and has no file.
    public init(magnet: String) {
        source = .known(.magnet)
        link = magnet
    }

    /// Content that is a file: `torrent` or `nzb`.
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
