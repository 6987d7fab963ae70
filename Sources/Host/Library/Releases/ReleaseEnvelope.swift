/// A release's name without what is wrapped around it: a file extension, the address of a site, a group in front.
struct ReleaseEnvelope {
    /// What is left.
    let body: Substring
    /// The group in brackets at the front, as anime has it.
    let leadingGroup: String?

    private static let extensions: Set<String> = VideoFormat.extensions.union([
        "nzb", "torrent", "srt", "ass", "ssa", "sub", "idx", "vtt", "nfo",
    ])

    init(_ text: String) {
        var rest = Self.trimmed(text.prefix(ReleaseName.longest))
        if let ext = FilePath.fileExtension(of: String(rest)), Self.extensions.contains(ext) {
            rest = rest.dropLast(ext.count + 1)
        }
        rest = Self.withoutSite(rest)
        var group: String?
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            let inside = rest[rest.index(after: rest.startIndex)..<end]
            let after = Self.trimmed(rest[rest.index(after: end)...])
            if !after.isEmpty {
                let isSite = inside.contains(".")
                group = isSite || inside.isEmpty ? nil : String(inside)
                rest = after
            }
        }
        body = rest
        leadingGroup = group
    }

    /// Cuts "www.example.org - " and the like.
    private static func withoutSite(_ text: Substring) -> Substring {
        guard text.lowercased().hasPrefix("www."), let space = text.firstIndex(of: " ") else { return text }
        let rest = text[space...].drop { " -_|".contains($0) }
        return rest.isEmpty ? text : rest
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace || "-_.".contains($0) }
        while let last = text.last, last.isWhitespace || "-_".contains(last) { text.removeLast() }
        return text
    }
}
