/// The answer to `sync/maindata`, as far as torrents go.
struct MainData: Sendable, Decodable {
    /// The number to send next time.
    var responseID: Int
    /// Whether `torrents` is everything, each with all its fields.
    var isFull: Bool
    var torrents: [String: TorrentPatch]
    var removed: [String]

    private enum CodingKeys: String, CodingKey {
        case torrents
        case responseID = "rid"
        case isFull = "full_update"
        case removed = "torrents_removed"
    }

    init(responseID: Int, isFull: Bool, torrents: [String: TorrentPatch], removed: [String] = []) {
        self.responseID = responseID
        self.isFull = isFull
        self.torrents = torrents
        self.removed = removed
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        responseID = try fields.decode(Int.self, forKey: .responseID)
        isFull = try fields.decodeIfPresent(Bool.self, forKey: .isFull) ?? false
        torrents = try fields.decodeIfPresent([String: TorrentPatch].self, forKey: .torrents) ?? [:]
        removed = try fields.decodeIfPresent([String].self, forKey: .removed) ?? []
    }
}
