import PluginAPI

/// The fields of a torrent that an answer holds: all of them, or in a partial update those that have changed.
///
/// A field of an unexpected type counts as absent; fields that are not listed are skipped.
struct TorrentPatch: Sendable, Decodable {
    var hash, name, state, category, savePath, contentPath, infoHashV1, infoHashV2, tags: String?
    var size, amountLeft, downloadSpeed, uploadSpeed: Int64?
    var eta, swarmSeeds, swarmLeeches, connectedSeeds, connectedLeeches, seedingTime, maxSeedingTime: Int?
    var availability, ratio, maxRatio: Double?
    var isSequential, prefersEnds: Bool?

    private enum CodingKeys: String, CodingKey {
        case hash, name, state, category, tags, size, eta, availability, ratio
        case savePath = "save_path"
        case contentPath = "content_path"
        case infoHashV1 = "infohash_v1"
        case infoHashV2 = "infohash_v2"
        case amountLeft = "amount_left"
        case downloadSpeed = "dlspeed"
        case uploadSpeed = "upspeed"
        case swarmSeeds = "num_complete"
        case swarmLeeches = "num_incomplete"
        case connectedSeeds = "num_seeds"
        case connectedLeeches = "num_leechs"
        case seedingTime = "seeding_time"
        case maxSeedingTime = "max_seeding_time"
        case maxRatio = "max_ratio"
        case isSequential = "seq_dl"
        case prefersEnds = "f_l_piece_prio"
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        hash = fields.value(.hash)
        name = fields.value(.name)
        state = fields.value(.state)
        category = fields.value(.category)
        savePath = fields.value(.savePath)
        contentPath = fields.value(.contentPath)
        infoHashV1 = fields.value(.infoHashV1)
        infoHashV2 = fields.value(.infoHashV2)
        tags = fields.value(.tags)
        size = fields.value(.size)
        amountLeft = fields.value(.amountLeft)
        downloadSpeed = fields.value(.downloadSpeed)
        uploadSpeed = fields.value(.uploadSpeed)
        eta = fields.value(.eta)
        swarmSeeds = fields.value(.swarmSeeds)
        swarmLeeches = fields.value(.swarmLeeches)
        connectedSeeds = fields.value(.connectedSeeds)
        connectedLeeches = fields.value(.connectedLeeches)
        seedingTime = fields.value(.seedingTime)
        maxSeedingTime = fields.value(.maxSeedingTime)
        availability = fields.value(.availability)
        ratio = fields.value(.ratio)
        maxRatio = fields.value(.maxRatio)
        isSequential = fields.value(.isSequential)
        prefersEnds = fields.value(.prefersEnds)
    }
}

extension TorrentPatch {
    /// The id under which hosts know the torrent that the server lists as `listed`.
    ///
    /// With libtorrent 2 the server lists a hybrid torrent under its v1 hash while the metadata of a magnet is missing,
    /// and under its shortened v2 hash afterwards. The v1 hash stays.
    func id(listedAs listed: String) -> String {
        guard let infoHashV1, !infoHashV1.isEmpty else { return listed }
        return infoHashV1
    }

    /// The content path once it is known, otherwise empty; `nil` when the answer holds none.
    ///
    /// While it checks its own records, qBittorrent gives a path without the folder.
    var absoluteContentPath: String? {
        guard let contentPath else { return nil }
        let isAbsolute =
            contentPath.hasPrefix("/") || contentPath.hasPrefix(#"\\"#) || contentPath.dropFirst().first == ":"
        return isAbsolute ? contentPath : ""
    }
}
