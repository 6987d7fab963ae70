import PluginAPI

/// Tells which bytes of a file can be read while it arrives.
struct AvailabilityReader: Sendable {
    let rpc: RPC

    /// - Throws: `PluginError` with `.notFound` for an unknown download or file, `.conflict` while the files are not known.
    func availability(of index: Int, in id: DownloadID) async throws -> FileAvailability {
        let gid = try await rpc.row(id).entry.gid
        let keys: JSONValue = [
            "gid", "status", "infoHash", "bittorrent", "files", "pieceLength", "bitfield", "totalLength",
            "completedLength", "seeder",
        ]
        let entry = try await rpc.call(.init("tellStatus", .string(gid), keys), as: Entry.self)
        guard !entry.isMetadata, !entry.files.isEmpty, entry.total > 0 else {
            throw PluginError(.conflict, "The files of this download are not known yet.", retryAfter: 5)
        }
        guard let position = entry.files.firstIndex(where: { $0.number == index + 1 }) else {
            throw PluginError(.notFound, "This download has no file with the index \(index).", field: "file_index")
        }
        let file = entry.files[position]
        let extents = entry.files.map { FilePieces.Extent(size: $0.length) }
        guard let place = FilePieces(of: position, in: extents, pieceSize: entry.pieceLength) else {
            throw PluginError(.badResponse, "aria2's numbers of pieces and files contradict each other.")
        }
        let ranges = place.verifiedRanges(bits: Self.bytes(entry.bitfield ?? ""))
        return FileAvailability(path: file.path, size: file.length, ranges: ranges)
    }

    /// The bytes of hexadecimal digits, up to the first that is none.
    static func bytes(_ digits: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = digits.utf8[...]
        while let high = rest.popFirst(), let low = rest.popFirst() {
            guard let first = value(high), let second = value(low) else { break }
            bytes.append(first << 4 | second)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init)
    }
}
