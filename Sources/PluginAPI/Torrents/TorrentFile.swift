public import FoundationEssentials

/// A .torrent file (BEP 3, BEP 52), read only as far as its info hashes and its name need it.
public struct TorrentFile: Sendable {
    /// The info hashes, computed from the bytes.
    public let hashes: InfoHashes
    /// What the torrent calls itself, which may be anything, `..` included; `nil` when it does not.
    public let name: String?

    /// Reads the bytes of a file.
    ///
    /// - Throws: `PluginError` with `.invalid` when they are no torrent, saying so for a web page.
    public init(_ data: Data) throws {
        do {
            let info = try Self.info(in: Array(data))
            let kind = try Self.kind(of: info)
            guard kind.isV1 || kind.isV2 else { throw BencodeReader.Damage(offset: 0) }
            hashes = InfoHashes(v1: kind.isV1 ? SHA1.hex(info) : nil, v2: kind.isV2 ? SHA256.hex(info) : nil)
            name = kind.name
        } catch let damage as BencodeReader.Damage {
            throw PluginError(.invalid, Self.words(data, damage), field: "file")
        }
    }

    /// The bytes of the `info` dictionary as they stand in the file.
    private static func info(in bytes: [UInt8]) throws(BencodeReader.Damage) -> ArraySlice<UInt8> {
        var reader = BencodeReader(bytes)
        var info: Range<Int>?
        try reader.take("d")
        while try !reader.takeEnd() {
            let isInfo = try reader.string().elementsEqual("info".utf8)
            let value = try reader.skip()
            // Two of them would let two programs see two torrents.
            guard !(isInfo && info != nil) else { throw BencodeReader.Damage(offset: value.lowerBound) }
            if isInfo { info = value }
        }
        guard let info, reader.isAtEnd, bytes[info.lowerBound] == UInt8(ascii: "d") else {
            throw BencodeReader.Damage(offset: reader.offset)
        }
        return bytes[info]
    }

    private static func kind(
        of info: ArraySlice<UInt8>
    ) throws(BencodeReader.Damage) -> (isV1: Bool, isV2: Bool, name: String?) {
        var reader = BencodeReader(Array(info))
        var kind = (isV1: false, isV2: false, name: String?.none)
        try reader.take("d")
        while try !reader.takeEnd() {
            let key = Array(try reader.string())
            if key == Array("meta version".utf8) {
                kind.isV2 = try reader.integer() == 2
            } else if key == Array("name".utf8) {
                kind.name = String(decoding: try reader.string(), as: UTF8.self)
            } else {
                kind.isV1 = kind.isV1 || key == Array("pieces".utf8)
                _ = try reader.skip()
            }
        }
        return kind
    }

    private static func words(_ data: Data, _ damage: BencodeReader.Damage) -> String {
        if data.isEmpty { return "The .torrent file is empty." }
        let start = data.prefix(512).drop { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
        if start.first == UInt8(ascii: "<") {
            return "This is a web page and not a .torrent file: the indexer may ask for a login or be out of service."
        }
        return "This is not a .torrent file, or it is damaged at byte \(damage.offset)."
    }
}
