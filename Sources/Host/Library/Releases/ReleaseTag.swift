/// What a word, or a few, say about a release.
enum ReleaseTag: Hashable, Sendable {
    case source(ReleaseSource)
    case resolution(Resolution)
    case video(String)
    case audio(String)
    case atmos
    case hdr(String)
    case bitDepth(Int)
    case edition(String)
    case proper
    case repack(Int)
    case threeD
    /// A BCP 47 code.
    case language(String)
    /// Known, and without meaning for Kinodock.
    case noise

    /// A tag and whether it ends the title wherever it stands.
    ///
    /// The others are also words of titles and count only after the title has ended.
    struct Meaning: Hashable, Sendable {
        let tag: ReleaseTag
        let endsTitle: Bool
    }

    /// Words in lower case, joined by single spaces, with their meaning.
    static let meanings: [String: Meaning] = {
        var result: [String: Meaning] = [:]
        for (tag, words) in ending { for word in words { result[word] = Meaning(tag: tag, endsTitle: true) } }
        for (tag, words) in following { for word in words { result[word] = Meaning(tag: tag, endsTitle: false) } }
        return result
    }()

    /// The first words of all entries with more than one.
    static let firstWords: Set<String> = Set(
        meanings.keys.compactMap { key in
            let words = key.split(separator: " ")
            return words.count > 1 ? String(words[0]) : nil
        }
    )

    /// The most words in an entry.
    static let longest = 3
}
