/// The readable title of a release.
enum ReleaseTitle {
    /// The words before `end` as a person writes them.
    static func text(_ name: Substring, _ tokens: [ReleaseToken], end: Int) -> String {
        guard end > 0, let last = tokens[..<end].last else { return "" }
        var region = name[..<last.text.endIndex]
        if region.endIndex < name.endIndex, let open = opener(of: name[region.endIndex]), region.contains(open) {
            region = name[...region.endIndex]
        }
        if region.contains(" ") { return cleaned(region) }
        let isDashed = !name.contains { " ._".contains($0) } && name.contains("-") && end < tokens.count
        return spaced(region, dashSeparates: isDashed)
    }

    /// Where spaces separate the words, dots belong to them.
    private static func cleaned(_ text: Substring) -> String {
        text.split { $0 == " " || $0 == "_" || $0 == "\t" }.joined(separator: " ")
    }

    /// Where dots or underscores separate the words, letters that stand alone next to each other are initials.
    private static func spaced(_ text: Substring, dashSeparates: Bool) -> String {
        let words = text.split { $0 == "." || $0 == "_" || (dashSeparates && $0 == "-") }
        var result = ""
        for (index, word) in words.enumerated() {
            let follows = index > 0 && isInitial(words[index - 1]) && isInitial(word)
            if index > 0, !follows { result += " " }
            result += word
            let isLastOfSome = isInitial(word) && (follows || index + 1 < words.count && isInitial(words[index + 1]))
            if isLastOfSome { result += "." }
        }
        return result
    }

    private static func isInitial(_ word: Substring) -> Bool {
        word.count == 1 && word.first?.isUppercase == true
    }

    private static func opener(of character: Character) -> Character? {
        switch character {
        case ")": "("
        case "]": "["
        case "}": "{"
        default: nil
        }
    }
}
