import FoundationEssentials

/// A magnet link for a torrent (BEP 9, BEP 52).
public struct MagnetLink: Hashable, Sendable {
    /// The link as it was given, without blanks around it, and beginning in lower case as all clients know it.
    public let link: String
    /// The info hashes that it names.
    public let hashes: InfoHashes
    /// What the link says the torrent is called; `nil` when it does not.
    public let name: String?

    /// Reads a link of at most 64 KiB.
    ///
    /// - Throws: `PluginError` with `.invalid` when it is no magnet or names no torrent.
    public init(_ text: String) throws {
        let link = text.trimmed
        guard link.utf8.count <= 64 << 10, link.lowercased().hasPrefix("magnet:?") else {
            throw PluginError(.invalid, "This is not a magnet link: it must begin with magnet:?", field: "link")
        }
        // Clients take a list of links, one on each line.
        guard link.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
            throw PluginError(.invalid, "This magnet holds a line break. Send one link at a time.", field: "link")
        }
        let fields = link.dropFirst("magnet:?".count).split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (key: parts[0].lowercased(), value: parts.count > 1 ? String(parts[1]) : "")
        }
        var hashes = InfoHashes()
        // Several topics stand as xt, or as xt.1, xt.2 and so on.
        for field in fields where field.key == "xt" || field.key.hasPrefix("xt.") {
            try Self.read(Self.unescapingColons(field.value).lowercased(), into: &hashes)
        }
        guard hashes.preferred != nil else {
            throw PluginError(
                .invalid,
                "This magnet names no torrent: it has no xt=urn:btih: or xt=urn:btmh: part.",
                field: "link"
            )
        }
        self.link = "magnet:?" + link.dropFirst("magnet:?".count)
        self.hashes = hashes
        let displayName = fields.first { $0.key == "dn" && !$0.value.isEmpty }
        name = displayName.map { field in
            field.value.replacing("+", with: " ").percentDecoded
        }
    }

    /// The link, with `name` if it has none of its own: clients show that until the metadata is there.
    public func named(_ name: String?) -> String {
        guard let name, !name.isEmpty, self.name == nil else { return link }
        return link + "&dn=" + name.percentEncoded
    }

    private static func read(_ topic: String, into hashes: inout InfoHashes) throws {
        if topic.hasPrefix("urn:btih:") {
            try set(\.v1, of: &hashes, to: sha1(String(topic.dropFirst("urn:btih:".count))))
        } else if topic.hasPrefix("urn:btmh:") {
            try set(\.v2, of: &hashes, to: sha256(String(topic.dropFirst("urn:btmh:".count))))
        }
    }

    /// Two different hashes of one kind would let two programs see two torrents.
    private static func set(
        _ kind: WritableKeyPath<InfoHashes, String?>,
        of hashes: inout InfoHashes,
        to hash: String
    ) throws {
        guard hashes[keyPath: kind] == nil || hashes[keyPath: kind] == hash else {
            throw PluginError(.invalid, "This magnet names two different torrents. Send one at a time.", field: "link")
        }
        hashes[keyPath: kind] = hash
    }

    private static func sha1(_ text: String) throws -> String {
        if isHex(text, digits: 40) { return text }
        if text.utf8.count == 32, let hex = hexFromBase32(text) { return hex }
        throw PluginError(
            .invalid,
            "The info hash of this magnet is damaged: 40 hexadecimal or 32 base32 digits are needed.",
            field: "link"
        )
    }

    /// The multihash of BEP 52: 0x12 for SHA-256, 0x20 for 32 bytes.
    private static func sha256(_ text: String) throws -> String {
        guard isHex(text, digits: 68), text.hasPrefix("1220") else {
            throw PluginError(
                .invalid,
                "The v2 info hash of this magnet is damaged: 1220 and 64 hexadecimal digits are needed.",
                field: "link"
            )
        }
        return String(text.dropFirst(4))
    }

    private static func isHex(_ text: String, digits: Int) -> Bool {
        // The digits of other scripts have several bytes.
        text.utf8.count == digits && text.count == digits && text.allSatisfy(\.isHexDigit)
    }

    private static func unescapingColons(_ text: String) -> String {
        text.lowercased().split(separator: "%3a", omittingEmptySubsequences: false).joined(separator: ":")
    }

    /// 32 digits of RFC 4648 base32 are 160 bits: each 8 digits give 10 hexadecimal ones.
    private static func hexFromBase32(_ text: String) -> String? {
        var hex = ""
        var bits: UInt64 = 0
        for (index, byte) in text.utf8.enumerated() {
            guard let value = base32Value(byte) else { return nil }
            bits = bits << 5 | value
            guard index % 8 == 7 else { continue }
            let digits = String(bits, radix: 16)
            hex += String(repeating: "0", count: 10 - digits.count) + digits
            bits = 0
        }
        return hex
    }

    private static func base32Value(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(byte - UInt8(ascii: "a"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt64(byte - UInt8(ascii: "2")) + 26
        default: nil
        }
    }
}
