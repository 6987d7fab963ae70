/// Limits on the name of one file or folder.
enum FileName {
    /// In bytes of UTF-8: what Linux file systems take.
    static let longest = 255

    /// `stem` and `suffix` in one name of at most `limit` bytes.
    ///
    /// The stem is cut at a character border; the suffix, which holds the extension, stays whole.
    static func fitting(_ stem: String, suffix: String, limit: Int = longest) -> String {
        var stem = stem
        let room = max(0, limit - suffix.utf8.count)
        guard stem.utf8.count > room else { return stem + suffix }
        while stem.utf8.count > room { stem.removeLast() }
        while let last = stem.last, last == " " || last == "." { stem.removeLast() }
        return stem + suffix
    }

    /// The hidden name next to a target under which its bytes are gathered until they are complete.
    static func partial(of target: String, id: String) -> String {
        let suffix = ".kinodock-partial-" + id
        let name = fitting("." + FilePath.name(of: target), suffix: suffix)
        return FilePath.join(FilePath.parent(of: target), name)
    }
}
