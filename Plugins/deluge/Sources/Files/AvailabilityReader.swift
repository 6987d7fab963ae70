import PluginAPI

/// Tells which bytes of a file can be read while its torrent downloads.
struct AvailabilityReader: Sendable {
    private static let verified = 3

    let web: Web

    /// - Throws: `PluginError` with `.notFound` for an unknown torrent or file, `.conflict` while the metadata is missing
    ///   or the files are being moved.
    func availability(of index: Int, in id: TorrentID) async throws -> FileAvailability {
        let found = try await web.status(id, FileList.keysWithPieces, as: Listed<FileList>.self).value
        guard let list = found else { throw Web.missing(id) }
        guard list.state != Torrent.State.moving.rawValue else {
            throw PluginError(.conflict, "Deluge is moving the files.", retryAfter: 2)
        }
        guard !list.files.isEmpty else {
            throw PluginError(.conflict, "The files of this torrent are not known yet.", retryAfter: 5)
        }
        guard let file = list.files.first(where: { $0.index == index && !$0.isPadding }) else {
            throw PluginError(.notFound, "This torrent has no file with the index \(index).", field: "file_index")
        }
        guard let place = FilePieces(offset: file.offset, size: file.size, pieceSize: list.pieceLength) else {
            throw PluginError(.badResponse, "Deluge's numbers of pieces and files contradict each other.")
        }
        let path = list.folder.hasSuffix("/") ? list.folder + file.path : "\(list.folder)/\(file.path)"
        return FileAvailability(path: path, size: file.size, ranges: ranges(of: place, in: list))
    }

    private func ranges(of place: FilePieces, in list: FileList) -> [FileRange] {
        if let pieces = list.pieces {
            return place.verifiedRanges(count: pieces.count) { pieces[$0] == Self.verified }
        }
        // Deluge lists no pieces of a torrent that is complete.
        return list.isSeed && place.size > 0 ? [FileRange(offset: 0, length: place.size)] : []
    }
}
