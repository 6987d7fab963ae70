/// The words of a name that say which episodes it holds.
struct EpisodeMatch: Hashable, Sendable {
    let numbers: EpisodeNumbers
    /// The indices of the words.
    let words: Range<Int>

    /// The longest run of episodes that a name may claim.
    private static let longestRun = 200

    /// The first such words.
    ///
    /// - Parameter isAnime: whether the name begins with a group in brackets, so that a number after a dash counts the
    ///   episodes of the whole series.
    static func find(_ tokens: [ReleaseToken], isAnime: Bool) -> EpisodeMatch? {
        for index in tokens.indices {
            if let match = seasonAndEpisode(tokens, index) ?? crossed(tokens, index) ?? spelled(tokens, index)
                ?? ordinal(tokens, index)
            {
                return match
            }
            if index > 0, let match = date(tokens, index) ?? complete(tokens, index) { return match }
        }
        for index in tokens.indices.dropFirst() {
            if let match = numbered(tokens, index, isAnime: isAnime) { return match }
        }
        return nil
    }

    /// "S01E02", "S01E02E03", "S01E02+E03", "S01E02-E04", "S01EP02", "S01 E02", "S01", "S01-S03".
    private static func seasonAndEpisode(_ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        var scanner = DigitScanner(tokens[index].lower)
        guard scanner.skip("s"), let season = scanner.number(digits: 1...4) else { return nil }
        var episodes: [Int] = []
        while ["ep", "e", "xe", "+e", "&e"].contains(where: { scanner.skip($0) }),
            let episode = scanner.number(digits: 1...4)
        {
            episodes.append(episode)
        }
        if scanner.skip("v") { _ = scanner.number(digits: 1...1) }
        guard scanner.isAtEnd else { return nil }
        var end = index + 1
        if episodes.isEmpty, let next = tokens[safe: end], let episode = prefixed("e", next) ?? prefixed("ep", next) {
            episodes = [episode]
            end += 1
        }
        guard !episodes.isEmpty else { return seasons(from: season, tokens, index) }
        extend(&episodes, tokens, &end)
        return .init(numbers: .episodes(season: season, Set(episodes).sorted()), words: index..<end)
    }

    /// Adds what follows the first episode: "-E04", "-04", "E05".
    private static func extend(_ episodes: inout [Int], _ tokens: [ReleaseToken], _ end: inout Int) {
        while let next = tokens[safe: end], let last = episodes.last {
            let isShortNumber = next.separator == .dash && next.lower.utf8.count <= 3
            guard let number = prefixed("e", next) ?? (isShortNumber ? next.number : nil), number > last else { return }
            let isRun = next.separator == .dash && number - last <= longestRun
            episodes += isRun ? Array(last + 1...number) : [number]
            end += 1
        }
    }

    private static func seasons(from first: Int, _ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        guard index > 0 else { return nil }
        if let next = tokens[safe: index + 1], next.separator == .spacedDash, let episode = withVersion(next),
            episode < 1888
        {
            return .init(numbers: .episodes(season: first, [episode]), words: index..<index + 2)
        }
        guard let next = tokens[safe: index + 1], next.separator == .dash, next.lower.utf8.count <= 3,
            let last = prefixed("s", next) ?? next.number, last > first, last - first <= longestRun
        else { return .init(numbers: .seasons([first]), words: index..<index + 1) }
        return .init(numbers: .seasons(Array(first...last)), words: index..<index + 2)
    }

    /// "1x02", "01x02x03", "1x02-1x03".
    private static func crossed(_ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        var scanner = DigitScanner(tokens[index].lower)
        guard let season = scanner.number(digits: 1...2) else { return nil }
        var episodes: [Int] = []
        while scanner.skip("x"), let episode = scanner.number(digits: 2...3) { episodes.append(episode) }
        guard scanner.isAtEnd, !episodes.isEmpty else { return nil }
        var end = index + 1
        if let next = tokens[safe: end], next.separator == .dash, let last = episodes.last,
            case .episodes(season, let more)? = crossed(tokens, end)?.numbers, let first = more.first, first > last
        {
            let run = episodes + (last + 1..<first) + more
            return .init(numbers: .episodes(season: season, run), words: index..<end + 1)
        }
        extend(&episodes, tokens, &end)
        return .init(numbers: .episodes(season: season, Set(episodes).sorted()), words: index..<end)
    }

    private static let seasonWords: Set<String> = [
        "season", "seasons", "saison", "staffel", "temporada", "stagione",
    ]

    /// "Season 1", "Season 1 Episode 2", "Seasons 1-3".
    private static func spelled(_ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        guard seasonWords.contains(tokens[index].lower), let next = tokens[safe: index + 1],
            next.separator != .spacedDash, let season = next.number, season < 1900
        else {
            return nil
        }
        if let word = tokens[safe: index + 2]?.lower, ["episode", "ep", "folge"].contains(word),
            let episode = tokens[safe: index + 3]?.number
        {
            return .init(numbers: .episodes(season: season, [episode]), words: index..<index + 4)
        }
        guard let match = seasons(from: season, tokens, index + 1) else { return nil }
        return .init(numbers: match.numbers, words: index..<match.words.upperBound)
    }

    /// "2nd Season", "2nd Season - 05".
    private static func ordinal(_ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        guard index > 0, let word = tokens[safe: index + 1]?.lower, seasonWords.contains(word) else { return nil }
        var scanner = DigitScanner(tokens[index].lower)
        guard let season = scanner.number(digits: 1...2),
            ["st", "nd", "rd", "th"].contains(where: { scanner.skip($0) }), scanner.isAtEnd,
            let match = seasons(from: season, tokens, index + 1)
        else { return nil }
        return .init(numbers: match.numbers, words: index..<match.words.upperBound)
    }

    /// "2024.01.15" and "15.01.2024".
    ///
    /// The latter has two digits each, since titles also have numbers before their year.
    private static func date(_ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        guard index + 2 < tokens.count else { return nil }
        let parts = tokens[index..<index + 3]
        let numbers = parts.compactMap(\.number)
        guard numbers.count == 3 else { return nil }
        let isYearFirst = parts[index].lower.utf8.count == 4
        let (year, month, day) =
            isYearFirst ? (numbers[0], numbers[1], numbers[2]) : (numbers[2], numbers[1], numbers[0])
        guard isYearFirst || parts.prefix(2).allSatisfy({ $0.lower.utf8.count == 2 }) else { return nil }
        guard 1930...2100 ~= year, 1...12 ~= month, 1...31 ~= day else { return nil }
        return .init(numbers: .airDate(year: year, month: month, day: day), words: index..<index + 3)
    }

    private static func complete(_ tokens: [ReleaseToken], _ index: Int) -> EpisodeMatch? {
        guard tokens[index].lower == "complete", tokens[safe: index + 1]?.lower == "series" else { return nil }
        let start = index > 1 && tokens[index - 1].lower == "the" ? index - 1 : index
        return .init(numbers: .completeSeries, words: start..<index + 2)
    }

    /// "E12", "Ep 12" and, in the manner of anime, " - 12" or "12" before brackets.
    private static func numbered(_ tokens: [ReleaseToken], _ index: Int, isAnime: Bool) -> EpisodeMatch? {
        let token = tokens[index]
        if let episode = prefixed("ep", token) ?? prefixed("e", token) {
            return .init(numbers: .absolute([episode]), words: index..<index + 1)
        }
        if ["ep", "episode"].contains(token.lower), let episode = tokens[safe: index + 1]?.number {
            // "Episode 4 … 1977" is the title of a film.
            let hasYear = !isAnime && tokens[(index + 2)...].contains { $0.isYear }
            return hasYear ? nil : .init(numbers: .absolute([episode]), words: index..<index + 2)
        }
        guard isAnime, let first = withVersion(token), first < 1888 else { return nil }
        guard token.separator.isDash else {
            let isLast = tokens[safe: index + 1].map { $0.bracket != nil } ?? true
            guard isLast, token.bracket == nil, token.lower.utf8.count == 2, !tokens.contains(where: \.isYear) else {
                return nil
            }
            return .init(numbers: .absolute([first]), words: index..<index + 1)
        }
        guard let next = tokens[safe: index + 1], next.separator == .dash, let last = withVersion(next), last > first,
            last - first <= longestRun * 10
        else { return .init(numbers: .absolute([first]), words: index..<index + 1) }
        return .init(numbers: .absolute(Array(first...last)), words: index..<index + 2)
    }

    /// The number of "e12" for the prefix "e".
    private static func prefixed(_ prefix: String, _ token: ReleaseToken) -> Int? {
        var scanner = DigitScanner(token.lower)
        guard scanner.skip(prefix), let number = scanner.number(digits: 1...4) else { return nil }
        return scanner.isAtEnd ? number : nil
    }

    /// The number of "12" and of "12v2".
    private static func withVersion(_ token: ReleaseToken) -> Int? {
        var scanner = DigitScanner(token.lower)
        guard let number = scanner.number(digits: 1...4) else { return nil }
        if scanner.skip("v") { _ = scanner.number(digits: 1...1) }
        return scanner.isAtEnd ? number : nil
    }
}

/// Reads letters and numbers from the front of a word.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ prefix: String) -> Bool {
        guard rest.starts(with: prefix.utf8) else { return false }
        rest = rest.dropFirst(prefix.utf8.count)
        return true
    }

    mutating func number(digits: ClosedRange<Int>) -> Int? {
        let run = rest.prefix { 48...57 ~= $0 }
        guard digits.contains(run.count) else { return nil }
        rest = rest.dropFirst(run.count)
        return run.reduce(0) { $0 * 10 + Int($1 - 48) }
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
