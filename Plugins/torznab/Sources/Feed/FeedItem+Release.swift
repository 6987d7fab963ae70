import PluginAPI

extension FeedItem {
    /// Characters of a title.
    private static let longestTitle = 1000
    /// Attributes that are passed on under their own names, and bytes of each.
    private static let mostOthers = 60
    private static let longestOther = 500

    /// Attributes that a member of `Release` tells, and those that may hold keys.
    private static let told: Set<String> = [
        "category", "size", "seeders", "peers", "leechers", "grabs", "files", "infohash", "magneturl", "imdb", "imdbid",
        "tmdb", "tmdbid", "tvdb", "tvdbid", "downloadvolumefactor", "uploadvolumefactor", "minimumratio",
        "minimumseedtime", "guid",
    ]

    /// What the item offers; `nil` for one without a title or without anything to download.
    var release: Release? {
        let title = Self.line(self.title)
        guard !title.isEmpty, let link = downloadLink else { return nil }
        let name = guid.trimmed.isEmpty ? link : guid.trimmed
        let form: DownloadProtocol = isUsenet(link) ? .usenet : .torrent
        var release = Release(guid: name, title: title, downloadProtocol: form, link: link)
        release.infoURL = page
        release.size = amount(first("size")) ?? amount(size) ?? amount(enclosure?.length)
        release.published = (first("usenetdate").flatMap { FeedDate($0) } ?? FeedDate(published.trimmed))?.text
        release.categories = numbers
        release.grabs = count("grabs")
        release.files = count("files")
        addSwarm(to: &release)
        addTitle(to: &release)
        release.attributes = others
        return release
    }

    private func addSwarm(to release: inout Release) {
        guard release.downloadProtocol == .torrent else { return }
        release.infoHash = infoHash
        release.seeders = count("seeders")
        release.leechers = count("leechers")
        if release.leechers == nil, let peers = count("peers"), let seeders = release.seeders {
            release.leechers = max(0, peers - seeders)
        }
        release.downloadVolumeFactor = factor("downloadvolumefactor")
        release.uploadVolumeFactor = factor("uploadvolumefactor")
        release.minimumRatio = factor("minimumratio")
        release.minimumSeedTime = factor("minimumseedtime").map { Int($0) }
    }

    private func addTitle(to release: inout Release) {
        release.imdbID = first("imdbid", "imdb").flatMap(ExternalID.imdb)
        release.tmdbID = first("tmdbid", "tmdb").flatMap(ExternalID.number)
        release.tvdbID = first("tvdbid", "tvdb").flatMap(ExternalID.number)
    }

    /// The address of the file before a magnet, for only the file has the trackers of a private site.
    private var downloadLink: String? {
        [enclosure?.url, link, first("magneturl"), guid].compactMap { $0?.trimmed }.first { text in
            let start = text.prefix(8).lowercased()
            return start.hasPrefix("http://") || start.hasPrefix("https://") || start.hasPrefix("magnet:?")
        }
    }

    /// What the item says of itself decides; where it says nothing, the dialect does.
    private func isUsenet(_ link: String) -> Bool {
        if link.prefix(7).lowercased() == "magnet:" { return false }
        switch enclosure?.type {
        case "application/x-nzb": return true
        case "application/x-bittorrent", "application/x-bittorrent;x-scheme-handler/magnet": return false
        default: break
        }
        if first("seeders", "infohash", "magneturl") != nil { return false }
        if first("usenetdate", "group", "poster") != nil { return true }
        return dialect == "newznab"
    }

    private var infoHash: String? {
        let named = first("infohash")?.lowercased()
        if let named, [40, 64].contains(named.utf8.count), named.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
            return named
        }
        let magnet = first("magneturl") ?? (link.hasPrefix("magnet:") ? link : nil)
        return magnet.flatMap { try? MagnetLink($0) }?.hashes.preferred
    }

    /// A page for people, if its address holds no key.
    private var page: String? {
        let comments = comments.trimmed.prefix { $0 != "#" }
        let pages: [String] = [String(comments), guid.trimmed].filter { $0 != downloadLink }
        return pages.compactMap(SecretWords.harmless).first
    }

    private var numbers: [Int] {
        var seen: Set<Int> = []
        let texts = (attributes["category"] ?? []) + categories
        return texts.compactMap { Int($0.trimmed) }.filter { $0 >= 0 && seen.insert($0).inserted }
    }

    private var others: [String: [String]]? {
        let names = attributes.keys.sorted().filter { !Self.told.contains($0) && $0.utf8.count <= 60 }
        let kept = names.prefix(Self.mostOthers).compactMap { name -> (String, [String])? in
            let values = (attributes[name] ?? []).filter { $0.utf8.count <= Self.longestOther && !$0.contains("://") }
            // `password` of Newznab is a number: whether the files are locked.
            let isSafe = !SecretWords.isKey(name) || values.allSatisfy { $0.utf8.count <= 2 }
            return values.isEmpty || !isSafe ? nil : (name, values)
        }
        return kept.isEmpty ? nil : Dictionary(kept) { first, _ in first }
    }

    private func count(_ name: String) -> Int? {
        first(name).flatMap { Int($0.trimmed) }.flatMap { $0 < 0 ? nil : $0 }
    }

    private func factor(_ name: String) -> Double? {
        first(name).flatMap { Double($0.trimmed) }.flatMap { (0...1e9).contains($0) ? $0 : nil }
    }

    /// A size above nothing; 0 is how indexers write that they do not know it.
    private func amount(_ text: String?) -> Int64? {
        text.flatMap { Int64($0.trimmed) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func line(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(longestTitle))
    }
}
