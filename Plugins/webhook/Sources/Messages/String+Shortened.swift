extension String {
    /// At most `count` units of UTF-16, which no service counts as more than that; what is longer ends in an ellipsis.
    ///
    /// What people see as one letter may be many of them, and is kept whole.
    func shortened(to count: Int) -> String {
        guard utf16.count > count else { return self }
        var room = count - 1
        let end = indices.first { place in
            room -= self[place].utf16.count
            return room < 0
        }
        return self[..<(end ?? endIndex)] + "…"
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
