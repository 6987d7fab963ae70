/// The parts of a release's name: where its title ends, its year, its episodes and its group.
struct ReleaseOutline {
    let tokens: [ReleaseToken]
    let title: String
    let year: Int?
    let episodes: EpisodeNumbers?
    let group: String?
    /// The first word after the title.
    let tagStart: Int
    /// Words that are used up: the year, the episodes, the group.
    let taken: Set<Int>

    init(_ text: String, latestYear: Int) {
        let envelope = ReleaseEnvelope(text)
        let tokens = ReleaseToken.split(envelope.body)
        let match = EpisodeMatch.find(tokens, isAnime: envelope.leadingGroup != nil)
        let firstTag = Self.firstTag(tokens)
        let limit = min(firstTag, match?.words.lowerBound ?? tokens.count)
        let yearIndex = Self.yearIndex(tokens, before: limit, match, latestYear)
        var end = min(limit, yearIndex ?? tokens.count)
        if end == firstTag, end < tokens.count, match?.words.lowerBound != end {
            end = Self.withoutTrailingTags(tokens, end)
        } else if end == yearIndex {
            end = Self.withoutTrailingPhrase(tokens, end)
        }
        self.tokens = tokens
        title = ReleaseTitle.text(envelope.body, tokens, end: end)
        year = yearIndex.flatMap { tokens[$0].number }
        episodes = match?.numbers
        let found = ReleaseGroup.find(envelope, tokens, after: end)
        group = found?.name ?? envelope.leadingGroup
        tagStart = end
        taken = Set(match.map { Array($0.words) } ?? []).union(yearIndex.map { [$0] } ?? []).union(
            found.map { Array($0.words) } ?? []
        )
    }

    private static func firstTag(_ tokens: [ReleaseToken]) -> Int {
        tokens.indices.dropFirst().first { ReleaseTag.match(tokens, at: $0)?.meaning.endsTitle == true } ?? tokens.count
    }

    /// A year in brackets, else the last one before the tags, since a title may hold a number that looks like one.
    private static func yearIndex(
        _ tokens: [ReleaseToken],
        before limit: Int,
        _ match: EpisodeMatch?,
        _ latestYear: Int
    ) -> Int? {
        let years = tokens.indices.dropFirst().filter { index in
            guard tokens[index].lower.utf8.count == 4, match?.words.contains(index) != true else { return false }
            return tokens[index].number.map { 1888...max(1888, latestYear) ~= $0 } ?? false
        }
        if let inBrackets = years.first(where: { tokens[$0].bracket != nil }) { return inBrackets }
        return years.last { $0 < limit } ?? (match == nil ? years.first : nil)
    }

    /// Steps back over tags that titles may have too, but leaves the title a word.
    private static func withoutTrailingTags(_ tokens: [ReleaseToken], _ end: Int) -> Int {
        var end = end
        while end > 1, ReleaseTag.meanings[tokens[end - 1].lower] != nil { end -= 1 }
        return end
    }

    /// Steps back over several words in front of the year that together are no part of a title, such as "Directors Cut"
    /// or "German DL".
    ///
    /// One word may be the title's own: "The Good German".
    private static func withoutTrailingPhrase(_ tokens: [ReleaseToken], _ end: Int) -> Int {
        let phrase = (2...ReleaseTag.longest).first { length in
            end > length && ReleaseTag.match(tokens, at: end - length)?.length == length
        }
        let start = phrase.map { end - $0 } ?? withoutTrailingTags(tokens, end)
        let isArticle = start == 1 && ["the", "a", "an"].contains(tokens[0].lower)
        return end - start > 1 && !isArticle ? start : end
    }
}
