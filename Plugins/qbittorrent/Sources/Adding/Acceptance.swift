import FoundationEssentials
import PluginAPI

/// What qBittorrent makes of a torrent that is added.
enum Acceptance: Hashable, Sendable {
    /// Taken, with the ids that the answer names (from 5.2 on).
    case accepted([String])
    /// There already, or not understood: the answer does not tell these apart.
    case refused

    private struct Counts: Decodable {
        var ids: [String]?
        var successes, pending, failures: Int?

        enum CodingKeys: String, CodingKey {
            case ids = "added_torrent_ids"
            case successes = "success_count"
            case pending = "pending_count"
            case failures = "failure_count"
        }
    }

    /// Reads the answer to `torrents/add`: `Ok.` or `Fails.` before 5.2, then JSON or 409.
    ///
    /// - Throws: `PluginError` when it says what is wrong.
    init(_ response: ServiceResponse, server: Server) throws {
        switch response.status {
        case 200..<300: self = Self.read(response.body)
        case 409: self = .refused
        case 415: throw PluginError(.invalid, "qBittorrent says that this is not a valid torrent file.", field: "file")
        default: throw server.failure(response, doing: "add the torrent")
        }
    }

    private static func read(_ body: Data) -> Self {
        if String(decoding: body.prefix(5), as: UTF8.self) == "Fails" { return .refused }
        guard let counts = try? JSONDecoder().decode(Counts.self, from: body) else { return .accepted([]) }
        let taken = (counts.successes ?? 0) + (counts.pending ?? 0)
        if taken == 0, (counts.failures ?? 0) > 0 { return .refused }
        return .accepted(counts.ids ?? [])
    }
}
