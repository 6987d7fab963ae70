/// What SABnzbd's reasons mean, and what a user can do.
enum FailureWords {
    /// Parts of the English texts of SABnzbd, the most telling first.
    private static let meanings: [(part: String, words: String)] = [
        ("password", "The archive needs a password, or another one. Add it again with the password."),
        ("encrypt", "The archive is encrypted. Add it again with its password, or choose another release."),
        (
            "cannot be completed",
            "Too many articles are gone from the news servers, so it cannot be repaired. Choose another release."
        ),
        (
            "not on your server",
            "None of its articles are on the news servers: it was taken down or is too old. Choose another release."
        ),
        ("might fail", "Too many articles are gone from the news servers. Choose another release."),
        ("repair", "It is damaged and there are too few repair blocks. Choose another release."),
        ("duplicate", "SABnzbd has downloaded it before, and its switches let duplicates fail."),
        ("unwanted extension", "It holds a kind of file that SABnzbd is set to refuse. Choose another release."),
        ("url fetching failed", "SABnzbd could not get the NZB from its address."),
        ("unusable nzb", "What SABnzbd got from the address is no usable NZB."),
        ("disk", "The disk is full, or SABnzbd may not write there. Make room, then retry."),
        ("no space", "The disk is full. Make room, then retry."),
        ("script", "The post-processing script has failed; its log is in SABnzbd's history."),
        ("pre-queue", "SABnzbd's pre-queue script has refused it."),
        ("aborted", "Its post-processing was stopped. Retry it."),
        ("unpacking failed", "The archive cannot be unpacked: it is damaged, or it needs a password."),
        ("verify", "Its files do not match their checksums. Choose another release."),
        ("moving", "SABnzbd could not move the files. Check the permissions of its folders, then retry."),
        ("move", "SABnzbd could not move the files. Check the permissions of its folders, then retry."),
    ]

    /// A sentence for the user, and SABnzbd's own words without the addresses in them.
    static func of(_ reason: String) -> String {
        let said = withoutAddresses(reason)
        guard !said.isEmpty else { return "SABnzbd gives no reason; look into its log." }
        let lowered = reason.lowercased()
        let meaning = meanings.first { lowered.contains($0.part) }?.words
        return (meaning.map { $0 + " " } ?? "") + "SABnzbd says: \(said)"
    }

    /// Whether articles were missing or broken.
    ///
    /// SABnzbd's own retry takes every file that it has as whole then, and fails the same way.
    static func isAboutArticles(_ reason: String) -> Bool {
        let lowered = reason.lowercased()
        return ["cannot be completed", "not on your server", "might fail", "repair", "verify"].contains {
            lowered.contains($0)
        }
    }

    /// The text without addresses, which may hold keys of indexers.
    static func withoutAddresses(_ text: String) -> String {
        let words = text.split(separator: " ").filter { !$0.contains("://") }
        return String(words.joined(separator: " ").prefix(500)).trimmingDashes
    }
}

extension String {
    fileprivate var trimmingDashes: String {
        var text = self[...]
        while let last = text.last, last == "-" || last == " " { text.removeLast() }
        return String(text)
    }
}
