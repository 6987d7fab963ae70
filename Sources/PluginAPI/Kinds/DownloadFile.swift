/// A file of a download.
public struct DownloadFile: Hashable, Sendable, Codable {
    /// The client's number for the file, for `prioritize` and `availability`.
    public var index: Int
    /// Relative to the download's `savePath`, with `/` between components.
    public var path: String
    /// In bytes.
    public var size: Int64
    /// Bytes that are downloaded and verified.
    public var completed: Int64
    /// Whether the client is going to download it; key `is_wanted`.
    public var isWanted: Bool

    enum CodingKeys: String, CodingKey, CaseIterable {
        case index, path, size, completed
        case isWanted = "is_wanted"
    }

    /// A file with its progress, wanted unless it is said otherwise.
    public init(index: Int, path: String, size: Int64, completed: Int64, isWanted: Bool = true) {
        self.index = index
        self.path = path
        self.size = size
        self.completed = completed
        self.isWanted = isWanted
    }
}

/// A run of bytes: from `offset`, `length` of them.
public struct FileRange: Hashable, Sendable, Codable {
    /// The first byte, counted from 0.
    public var offset: Int64
    /// How many bytes.
    public var length: Int64

    enum CodingKeys: String, CodingKey, CaseIterable { case offset, length }

    /// A range; one of length 0 says nothing and should be left out.
    public init(offset: Int64, length: Int64) {
        self.offset = offset
        self.length = length
    }
}

/// Which bytes of a file can be read now.
public struct FileAvailability: Hashable, Sendable, Codable {
    /// Where the file is, as the client sees the path.
    ///
    /// It can change when the download completes.
    public var path: String
    /// The size of the complete file in bytes.
    public var size: Int64
    /// Verified, ascending, not touching each other.
    public var ranges: [FileRange]

    enum CodingKeys: String, CodingKey, CaseIterable { case path, size, ranges }

    /// What can be read of the file at `path`; no ranges when nothing is verified yet.
    public init(path: String, size: Int64, ranges: [FileRange]) {
        self.path = path
        self.size = size
        self.ranges = ranges
    }
}

/// What to download first.
public struct Prioritization: Hashable, Sendable, Codable {
    /// How much a file is wanted.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// Do not download it.
        case skip
        /// As soon as its turn comes.
        case normal
        /// Before those that are `normal`.
        case high
    }

    /// The download's id.
    public var id: String
    /// Levels by file index; files that are not named stay as they are.
    public var files: [Int: Level]?
    /// Download in the order of the bytes.
    public var sequential: Bool?
    /// The file of `ranges`, by `DownloadFile.index`; key `file_index`.
    public var fileIndex: Int?
    /// Ranges wanted before all others, most urgent first.
    ///
    /// A client that cannot do ranges does the nearest it can: the first and last parts first, or in order.
    public var ranges: [FileRange]?
    /// The place of the whole download among the client's others.
    public var priority: Open<DownloadPriority>?

    private enum CodingKeys: String, CodingKey {
        case id, files, sequential, ranges, priority
        case fileIndex = "file_index"
    }

    /// A request that asks for nothing yet.
    public init(id: String) {
        self.id = id
    }
}

extension Prioritization.Level: Codable {}
