import class FoundationEssentials.JSONEncoder

/// The id of a download: the same for the same wish, so that asking twice for it is noticed.
enum DownloadID {
    /// FNV-1a with 128 bits (RFC 9923) over the address and everything that decides what is downloaded.
    static func of(_ link: String, entry: Int?, _ options: DownloadOptions) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let choices = (try? encoder.encode(options)).map(Array.init) ?? []
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in Array("\(link)\n\(entry ?? 0)\n".utf8) + choices {
            hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
        }
        let digits = String(hash, radix: 16)
        return "yt" + String(repeating: "0", count: 32 - digits.count) + digits
    }
}
