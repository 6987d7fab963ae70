extension String {
    /// Without blanks and line breaks at both ends, which come along when a text is copied.
    package var trimmed: String { self[...].trimmed }
}

extension Substring {
    /// Without blanks and line breaks at both ends.
    package var trimmed: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
