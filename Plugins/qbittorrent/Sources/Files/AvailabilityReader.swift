import PluginAPI

/// Tells which bytes of a file can be read while its torrent downloads.
struct AvailabilityReader: Sendable {
    let api: WebAPI

    /// - Throws: `PluginError` with `.notFound` for an unknown torrent or file, `.conflict` while the metadata
    ///   is missing or the files have no settled place.
    func availability(of index: Int, in id: TorrentID) async throws -> FileAvailability {
        let listed = try await api.torrent(id)
        let (id, patch) = (listed.listedID, listed.patch)
        // Between two folders the path is ahead of the files, and before the first one it names none.
        guard patch.state != TorrentState.moving.rawValue, patch.absoluteContentPath != "" else {
            throw PluginError(.conflict, "qBittorrent is still deciding where the files are.", retryAfter: 2)
        }
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
        let preferences = try await api.preferences()
        // Before 4.3.2 there is no content path, and the save path is the final one.
        let isElsewhere = preferences.usesIncompletePath == true && patch.amountLeft != 0
        let path = ContentLocation.path(
            of: files[position],
            among: files,
            contentPath: patch.absoluteContentPath ?? "",
            savePath: (isElsewhere ? preferences.incompletePath : patch.savePath) ?? "",
            usesSuffix: preferences.marksIncompleteFiles ?? false
        )
        return FileAvailability(path: path, size: files[position].size, ranges: pieces.verifiedRanges(states))
    }
}
