/// What to download, and how.
public struct AddDownload: Hashable, Sendable, Codable {
    /// The form in which the download is given.
    public var source: Open<PluginManifest.Source>
    /// The magnet or address.
    ///
    /// For a `torrent` or `nzb` the bytes are the attachment and this is empty.
    public var link: String
    /// A name for the download, when the source has none of its own.
    public var name: String?
    /// The client's category; created when the client needs that.
    public var category: String?
    /// Where to save, as the client sees the path; its own default when absent.
    ///
    /// Key `save_path`.
    public var savePath: String?
    /// Whether it waits for `resume` before it begins; the client's default when absent.
    public var paused: Bool?
    /// Upload ratio at which seeding ends; the client's default when absent.
    ///
    /// Key `seed_ratio_limit`.
    public var seedRatioLimit: Double?
    /// Minutes of seeding after which it ends; the client's default when absent.
    ///
    /// Key `seed_time_limit`.
    public var seedTimeLimit: Int?
    /// The password of an archive.
    public var password: String?
    /// Its place among the client's other downloads; the client's default when absent.
    public var priority: Open<DownloadPriority>?
    /// Wishes in the client's own terms, by names that its plugin documents.
    ///
    /// A plugin refuses a name that it does not know with `.invalid` and the field `options.NAME`.
    public var options: [String: JSONValue]?

    private enum CodingKeys: String, CodingKey {
        case source, link, name, category, paused, password, priority, options
        case savePath = "save_path"
        case seedRatioLimit = "seed_ratio_limit"
        case seedTimeLimit = "seed_time_limit"
    }

    /// A download with the client's defaults; a file travels beside it.
    public init(source: PluginManifest.Source, link: String = "") {
        self.source = .known(source)
        self.link = link
    }
}

/// The place of a download among the others of its client.
public enum DownloadPriority: String, Hashable, Sendable, CaseIterable {
    /// After all that are `normal`.
    case low
    /// When its turn comes.
    case normal
    /// Before all that are `normal`.
    case high
    /// At once, also while the client is paused, where it has such a thing; otherwise as `high`.
    case force
}

/// The answer to `DownloadClient.add`.
public struct AddedDownload: Hashable, Sendable, Codable {
    /// A further download that the same source has become.
    public struct Other: Hashable, Sendable, Codable {
        /// The client's id of it.
        public var id: String
        /// What it is called.
        public var name: String

        /// A further download.
        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// The client's id of the download; the info hash for a torrent.
    public var id: String
    /// Whether the client had it already.
    public var existed: Bool
    /// The info hash of a torrent, 40 (v1) or 64 (v2 only) lower-case hexadecimal digits; key `info_hash`.
    public var infoHash: String?
    /// The other downloads of a source that has become several, such as a playlist.
    public var others: [Other]?

    private enum CodingKeys: String, CodingKey {
        case id, existed, others
        case infoHash = "info_hash"
    }

    /// An answer for a download that is new, unless `existed` says otherwise.
    public init(id: String, existed: Bool = false, infoHash: String? = nil) {
        self.id = id
        self.existed = existed
        self.infoHash = infoHash
    }
}
