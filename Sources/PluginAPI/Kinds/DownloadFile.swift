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
    /// Whether the client is going to download it.
    public var isWanted: Bool

    private enum CodingKeys: String, CodingKey {
        case index, path, size, completed
        case isWanted = "is_wanted"
    }

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
    public var offset: Int64
    public var length: Int64

    public init(offset: Int64, length: Int64) {
        self.offset = offset
        self.length = length
    }
}

/// Which bytes of a file can be read now.
public struct FileAvailability: Hashable, Sendable, Codable {
    /// Where the file is, as the client sees the path. It can change when the download completes.
    public var path: String
    /// The size of the complete file in bytes.
    public var size: Int64
    /// Verified, ascending, not touching each other.
    public var ranges: [FileRange]

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
        case normal
        case high
    }

    /// The download's id.
    public var id: String
    /// Levels by file index; files that are not named stay as they are.
    public var files: [Int: Level]?
    /// Download in the order of the bytes.
    public var sequential: Bool?
    /// The file of `ranges`.
    public var fileIndex: Int?
    /// Ranges wanted before all others, most urgent first. A client that cannot do ranges does the nearest it can:
    /// the first and last parts first, or in order.
    public var ranges: [FileRange]?

    private enum CodingKeys: String, CodingKey {
        case id, files, sequential, ranges
        case fileIndex = "file_index"
    }

    public init(id: String) {
        self.id = id
    }
}

extension Prioritization.Level: Codable {}
