import PluginAPI
import Synchronization

import struct FoundationEssentials.Date

/// Tells which bytes of a file can be read while its torrent downloads.
final class AvailabilityReader: Sendable {
    /// Seconds for which the preference for `.!qB` is believed.
    private static let preferenceAge = 60.0

    private let api: WebAPI
    private let suffix = Mutex<(isUsed: Bool, time: Date)?>(nil)

    init(_ api: WebAPI) {
        self.api = api
    }

    /// - Throws: `PluginError` with `.notFound` for an unknown torrent or file, `.conflict` while the metadata is missing.
    func availability(of index: Int, in id: TorrentID) async throws -> FileAvailability {
        guard let patch = try await api.patch(of: id) else { throw WebAPI.missing(id) }
        let files = try await api.files(of: id)
        guard !files.isEmpty else {
            throw PluginError(.conflict, "The files of this torrent are not known yet.", retryAfter: 5)
        }
        guard let position = files.enumerated().first(where: { ($1.index ?? $0) == index })?.offset else {
            throw PluginError(.notFound, "This torrent has no file with the index \(index).", field: "file_index")
        }
        let pieceSize = try await api.pieceSize(of: id)
        let states = try await api.pieceStates(of: id)
        guard let pieces = FilePieces(of: position, in: files, pieceSize: pieceSize) else {
            throw PluginError(.badResponse, "qBittorrent's numbers of pieces and files contradict each other.")
        }
        let path = ContentLocation.path(
            of: files[position],
            among: files,
            contentPath: patch.absoluteContentPath ?? "",
            savePath: patch.savePath ?? "",
            usesSuffix: try await usesSuffix()
        )
        return FileAvailability(path: path, size: files[position].size, ranges: pieces.verifiedRanges(states))
    }

    private func usesSuffix() async throws -> Bool {
        let now = api.server.host.now
        if let known = suffix.withLock(\.self), now.timeIntervalSince(known.time) < Self.preferenceAge {
            return known.isUsed
        }
        let isUsed = try await api.preferences().marksIncompleteFiles ?? false
        suffix.withLock { $0 = (isUsed, now) }
        return isUsed
    }
}
