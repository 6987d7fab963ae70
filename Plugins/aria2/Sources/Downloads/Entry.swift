import PluginAPI

/// A download as aria2 lists it.
///
/// It may be a step of one only: first the metadata of a magnet, then the content.
struct Entry: Sendable, Decodable {
    /// What aria2 does with it.
    enum Status: String, Sendable {
        case active, waiting, paused, error, complete, removed
    }

    /// What is known of a torrent.
    struct Torrent: Sendable, Decodable {
        struct Info: Sendable, Decodable {
            var name: String?
        }

        var info: Info?
        var announceList: [[String]]?
    }

    /// A file of it; everything that looks like a number is a text.
    struct File: Sendable, Decodable {
        struct Address: Sendable, Decodable {
            var uri: String
        }

        /// Counted from 1.
        var number: Int
        /// Absolute; empty while unknown, and `[METADATA]...` for the metadata of a magnet.
        var path: String
        var length: Int64
        var completed: Int64
        var isSelected: Bool
        var addresses: [Address]

        private enum CodingKeys: String, CodingKey {
            case path, length, selected, uris
            case number = "index"
            case completed = "completedLength"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            number = values.whole(.number) ?? 0
            path = values.text(.path) ?? ""
            length = values.bytes(.length)
            completed = values.bytes(.completed)
            isSelected = values.flag(.selected) ?? true
            addresses = values.value(.uris) ?? []
        }
    }

    var gid: String
    var status = Open<Status>.unknown("")
    /// In lower case; `nil` when it is no torrent.
    var infoHash: String?
    var total: Int64 = 0
    var completed: Int64 = 0
    var uploaded: Int64 = 0
    var downloadSpeed: Int64 = 0
    var uploadSpeed: Int64 = 0
    /// Of a torrent: whether everything that is wanted is there.
    var isSeeder = false
    var seeders: Int?
    var connections = 0
    var errorCode = ""
    var errorText = ""
    var followedBy: [String] = []
    var following: String?
    var folder = ""
    var torrent: Torrent?
    var files: [File] = []
    /// Bytes that are checked already; only while checking.
    var verified: Int64?
    var waitsForCheck = false
    var pieceLength: Int64 = 0
    /// Hexadecimal digits, a bit for each piece.
    var bitfield: String?

    private enum CodingKeys: String, CodingKey {
        case gid, status, infoHash, numSeeders, seeder, connections, errorCode, followedBy, following, dir, bittorrent
        case files, pieceLength, bitfield, verifyIntegrityPending
        case errorText = "errorMessage"
        case total = "totalLength"
        case completed = "completedLength"
        case uploaded = "uploadLength"
        case downloadSpeed, uploadSpeed
        case verified = "verifiedLength"
    }

    /// The keys to ask for.
    static let keys: JSONValue = [
        "gid", "status", "infoHash", "totalLength", "completedLength", "uploadLength", "downloadSpeed", "uploadSpeed",
        "seeder", "numSeeders", "connections", "errorCode", "errorMessage", "followedBy", "following", "dir",
        "bittorrent", "files", "verifiedLength", "verifyIntegrityPending",
    ]

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        gid = try values.decode(String.self, forKey: .gid)
        status = Open(values.text(.status) ?? "")
        infoHash = values.text(.infoHash)?.lowercased()
        total = values.bytes(.total)
        completed = values.bytes(.completed)
        uploaded = values.bytes(.uploaded)
        downloadSpeed = values.bytes(.downloadSpeed)
        uploadSpeed = values.bytes(.uploadSpeed)
        isSeeder = values.flag(.seeder) ?? false
        seeders = values.whole(.numSeeders)
        connections = values.whole(.connections) ?? 0
        errorCode = values.text(.errorCode) ?? ""
        errorText = values.text(.errorText) ?? ""
        followedBy = values.value(.followedBy) ?? []
        following = values.text(.following)
        folder = values.text(.dir) ?? ""
        torrent = values.value(.bittorrent)
        files = values.value(.files) ?? []
        verified = values.text(.verified).flatMap { Int64($0) }
        waitsForCheck = values.flag(.verifyIntegrityPending) ?? false
        pieceLength = values.bytes(.pieceLength)
        bitfield = values.text(.bitfield)
    }

    /// Whether it is the step that fetches the metadata of a magnet.
    var isMetadata: Bool { infoHash != nil && torrent?.info == nil }

    /// Whether it is over, for better or worse.
    var isStopped: Bool { status == .complete || status == .error || status == .removed }

    /// Whether every wanted byte of the content is there.
    var isComplete: Bool {
        guard !isMetadata, followedBy.isEmpty, total > 0, verified == nil, !waitsForCheck else { return false }
        if status == .complete { return true }
        return isSeeder && (status == .active || status == .waiting || status == .paused)
    }
}

extension KeyedDecodingContainer {
    /// A number of bytes, which aria2 gives as text; 0 when it is absent or below 0.
    fileprivate func bytes(_ key: Key) -> Int64 {
        max(text(key).flatMap { Int64($0) } ?? 0, 0)
    }
}
