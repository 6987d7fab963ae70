extension String {
    /// At most `count` characters; what is longer ends in an ellipsis.
    func shortened(to count: Int) -> String {
        self.count <= count ? self : prefix(max(0, count - 1)) + "…"
    }

    /// At most `count` bytes of UTF-8; what is longer ends in an ellipsis.
    func shortened(toBytes count: Int) -> String {
        guard utf8.count > count else { return self }
        var room = count - 3
        var kept = ""
        for character in self {
            room -= character.utf8.count
            if room < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }
}
