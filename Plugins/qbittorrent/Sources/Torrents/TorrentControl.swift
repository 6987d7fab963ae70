import PluginAPI
import Synchronization

/// Stops, starts, retries and orders torrents.
final class TorrentControl: Sendable {
    /// The words for "stop" and "start", which 5.0 changed.
    private enum Dialect: CaseIterable {
        case stopAndStart, pauseAndResume

        var stop: String { self == .stopAndStart ? "torrents/stop" : "torrents/pause" }
        var start: String { self == .stopAndStart ? "torrents/start" : "torrents/resume" }
    }

    private let api: WebAPI
    private let dialect = Mutex(Dialect.stopAndStart)
    private let toggles: ToggleMemory

    init(_ api: WebAPI) {
        self.api = api
        toggles = ToggleMemory(host: api.server.host)
    }

    // The server takes an id that it does not know without a word, so each torrent is looked up first.

    func stop(_ id: TorrentID) async throws {
        try await call(\.stop, api.torrent(id).listedID)
    }

    func start(_ id: TorrentID) async throws {
        try await call(\.start, api.torrent(id).listedID)
    }

    /// Checks the files of a failed torrent again and starts it; starts any other.
    func retry(_ id: TorrentID) async throws {
        let listed = try await api.torrent(id)
        let state = listed.patch.state.flatMap(TorrentState.init)
        if state == .error || state == .missingFiles {
            try await api.post("torrents/recheck", ["hashes": listed.listedID.hex])
        }
        try await call(\.start, listed.listedID)
    }

    func prioritize(_ request: Prioritization) async throws {
        let listed = try await api.torrent(TorrentID(request.id))
        let (id, patch) = (listed.listedID, listed.patch)
        var levels = request.files ?? [:]
        let hasRanges = request.ranges?.isEmpty == false
        if hasRanges, let file = request.fileIndex, levels[file] == nil { levels[file] = .high }
        for level in Prioritization.Level.allCases {
            try await set(level, of: levels.filter { $0.value == level }.keys.sorted(), in: id)
        }
        // It cannot fetch a range at once; in order, and both ends first, is the nearest.
        let sequential = hasRanges ? true : request.sequential
        try await toggle(.sequential, to: sequential, from: patch.isSequential, id)
        try await toggle(.ends, to: hasRanges ? true : nil, from: patch.prefersEnds, id)
    }

    // MARK: Calls

    private func call(_ verb: KeyPath<Dialect, String>, _ id: TorrentID) async throws {
        let first = dialect.withLock(\.self)
        let response = try await api.answer(to: first[keyPath: verb], ["hashes": id.hex])
        guard response.status == 404 else {
            guard (200..<300).contains(response.status) else {
                throw api.server.failure(response, doing: "call \(first[keyPath: verb])")
            }
            return
        }
        // The server is of the other generation, now or since an upgrade.
        let other: Dialect = first == .stopAndStart ? .pauseAndResume : .stopAndStart
        try await api.post(other[keyPath: verb], ["hashes": id.hex])
        dialect.withLock { $0 = other }
    }

    private func set(_ level: Prioritization.Level, of files: [Int], in id: TorrentID) async throws {
        guard !files.isEmpty else { return }
        let response = try await api.answer(
            to: "torrents/filePrio",
            ["hash": id.hex, "id": files.map(String.init).joined(separator: "|"), "priority": "\(level.priority)"]
        )
        switch response.status {
        case 200..<300: return
        case 404: throw WebAPI.missing(id)
        case 409:
            throw PluginError(
                .conflict,
                "The files of this torrent are not known yet, or it has no such file. Try again later.",
                field: "files",
                retryAfter: 5
            )
        default: throw api.server.failure(response, doing: "set the priority of files")
        }
    }

    private func toggle(_ flag: ToggleMemory.Flag, to wanted: Bool?, from listed: Bool?, _ id: TorrentID) async throws {
        guard let wanted, toggles.value(of: flag, id, listed: listed ?? false) != wanted else { return }
        try await api.post(flag.path, ["hashes": id.hex])
        toggles.remember(wanted, of: flag, id)
    }
}

extension Prioritization.Level {
    /// The Web API's number.
    fileprivate var priority: Int {
        switch self {
        case .skip: 0
        case .normal: 1
        case .high: 7
        }
    }
}
