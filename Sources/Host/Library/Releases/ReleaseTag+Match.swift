extension ReleaseTag {
    /// The longest known tag whose words begin at `index`, and how many words it has.
    static func match(_ tokens: [ReleaseToken], at index: Int) -> (meaning: Meaning, length: Int)? {
        let first = tokens[index].lower
        if firstWords.contains(first) {
            var phrase = first
            var found: (Meaning, Int)?
            for length in 2...longest where index + length <= tokens.count {
                phrase += " " + tokens[index + length - 1].lower
                if let meaning = meanings[phrase] { found = (meaning, length) }
            }
            if let found { return found }
        }
        return meanings[first].map { ($0, 1) }
    }
}
