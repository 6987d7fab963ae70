/// Who made a release.
struct ReleaseGroup: Hashable, Sendable {
    let name: String
    /// The indices of the group's words.
    let words: Range<Int>

    /// Groups that have a dash in their own name.
    private static let dashed: Set<String> = ["d-z0n3", "blu-bits", "dx-tv", "vh-prod"]

    /// The group behind the last dash, else a name alone in the last brackets.
    static func find(_ envelope: ReleaseEnvelope, _ tokens: [ReleaseToken], after end: Int) -> ReleaseGroup? {
        let plain = tokens.lastIndex { $0.bracket == nil }
        if let plain, plain >= end, plain > 0, tokens[plain].separator.isDash,
            let group = behindDash(tokens, plain, end)
        {
            return group
        }
        guard envelope.leadingGroup == nil, envelope.body.last == "]" else { return nil }
        return inBrackets(envelope.body, tokens, end)
    }

    private static func behindDash(_ tokens: [ReleaseToken], _ index: Int, _ end: Int) -> ReleaseGroup? {
        let word = tokens[index]
        if index > end, dashed.contains(tokens[index - 1].lower + "-" + word.lower) {
            return .init(name: tokens[index - 1].text + "-" + word.text, words: index - 1..<index + 1)
        }
        let isPartOfTag = index > end && (ReleaseTag.match(tokens, at: index - 1)?.length ?? 1) > 1
        let isTag = ReleaseTag.meanings[word.lower]?.endsTitle == true
        guard !isPartOfTag, !isTag, index > end || ReleaseTag.meanings[word.lower] == nil else { return nil }
        return .init(name: String(word.text), words: index..<index + 1)
    }

    private static func inBrackets(_ body: Substring, _ tokens: [ReleaseToken], _ end: Int) -> ReleaseGroup? {
        guard let open = body.lastIndex(of: "[") else { return nil }
        let inside = body[body.index(after: open)...].dropLast()
        let first = tokens.lastIndex { $0.text.startIndex <= open }.map { $0 + 1 } ?? 0
        guard first >= end, first < tokens.count, !inside.isEmpty, !inside.contains(" ") else { return nil }
        let words = tokens[first...]
        let isTag = words.indices.contains { ReleaseTag.match(tokens, at: $0) != nil }
        let isNumber = words.allSatisfy { $0.number != nil } || isChecksum(inside)
        return isTag || isNumber ? nil : .init(name: String(inside), words: first..<tokens.count)
    }

    private static func isChecksum(_ text: Substring) -> Bool {
        text.count == 8 && text.allSatisfy(\.isHexDigit)
    }
}
