import FoundationEssentials
import PluginAPI

/// Tells which bytes of a file can be read while its torrent downloads.
///
/// Transmission counts a piece as there when it stands in its write cache, where nobody else can read it. So the cache
/// has to be of no size; then each block is written before it is counted.
struct AvailabilityReader: Sendable {
    /// Blocks in a megabyte of the cache: up to 4.0 each change of its size writes one run of at least one block.
    private static let blocksInMegabyte = 64
    private static let mostBlocks = 1024

    let rpc: RPC
    let settings: TransmissionSettings

    /// - Throws: `PluginError` with `.notFound` for an unknown torrent or file, `.conflict` while the metadata is missing,
    ///   `.unsupported` when the settings forbid to change the write cache.
    func availability(of index: Int, in id: TorrentID) async throws -> FileAvailability {
        let session = try await rpc.session()
        let list = try await rpc.torrent(id, FileList.fieldsWithPieces, as: FileList.self)
        guard !list.files.isEmpty, let pieceSize = list.pieceSize, let folder = list.downloadDir else {
            throw PluginError(.conflict, "The files of this torrent are not known yet.", retryAfter: 5)
        }
        guard list.files.indices.contains(index) else {
            throw PluginError(.notFound, "This torrent has no file with the index \(index).", field: "file_index")
        }
        let extents = list.files.map { FilePieces.Extent(size: $0.length, firstPiece: $0.beginPiece) }
        guard let place = FilePieces(of: index, in: extents, pieceSize: pieceSize) else {
            throw PluginError(.badResponse, "Transmission's numbers of pieces and files contradict each other.")
        }
        let isDone = list.leftUntilDone == 0
        if !isDone { try await empty(cacheOf: session) }
        let bits = Data(base64Encoded: list.pieces ?? "").map { Array($0) } ?? []
        let ranges = place.verifiedRanges(bits: bits)
        let isWhole = list.files[index].length == 0 || ranges.first?.length == list.files[index].length
        let path = Self.path(
            of: list.files[index].name,
            folder: !isDone && session.usesIncompleteFolder ? session.incompleteFolder ?? folder : folder,
            suffix: !isWhole && session.marksPartialFiles ? ".part" : ""
        )
        return FileAvailability(path: path, size: list.files[index].length, ranges: ranges)
    }

    private static func path(of name: String, folder: String, suffix: String) -> String {
        (folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)") + suffix
    }

    /// Writes out what stands in the cache and keeps it empty from now on.
    private func empty(cacheOf session: Session) async throws {
        let megabytes = session.cacheMegabytes ?? 0
        guard megabytes > 0 else { return }
        guard settings.writesAtOnce else {
            throw PluginError(
                .unsupported,
                """
                Transmission keeps up to \(megabytes) MB of what has arrived in a cache where it cannot be read. Set \
                cache-size-mb to 0 in its settings, or switch on “Write to disk at once” here.
                """,
                field: "writesAtOnce"
            )
        }
        for _ in 0..<min(megabytes * Self.blocksInMegabyte, Self.mostBlocks) {
            try await rpc.call("session-set", ["cache-size-mb": 0], doing: "empty the write cache")
        }
    }
}
