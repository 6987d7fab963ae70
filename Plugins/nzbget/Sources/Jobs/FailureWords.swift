/// What NZBGet's outcomes mean, and what a user can do.
enum FailureWords {
    private static let meanings = [
        "FAILURE/HEALTH":
            "Too many articles are gone from the news servers, so it cannot be repaired. Choose another release.",
        "WARNING/HEALTH": "Articles are missing and there is nothing to repair it with. Choose another release.",
        "FAILURE/PAR": "It is damaged and there are too few repair blocks. Choose another release.",
        "WARNING/DAMAGED": "It is damaged and was not repaired. Turn NZBGet's ParRepair on, then retry.",
        "WARNING/REPAIRABLE": "It is damaged, and NZBGet is set not to repair. Turn its ParRepair on, then retry.",
        "FAILURE/UNPACK":
            "The archive cannot be unpacked: it is damaged, or it needs a password. Add it again with the password.",
        "WARNING/PASSWORD": "The archive needs a password, or another one. Add it again with the password.",
        "WARNING/SPACE": "The disk is full. Make room, then retry.",
        "FAILURE/MOVE": "NZBGet could not move the files. Check the permissions of its folders, then retry.",
        "FAILURE/SCAN": "What NZBGet got is no usable NZB.",
        "FAILURE/FETCH": "NZBGet could not get the NZB from its address.",
        "FAILURE/BAD": "It is marked as bad in NZBGet. Choose another release.",
        "FAILURE/SCRIPT": "NZBGet's post-processing script has failed; its log is in NZBGet's history.",
        "WARNING/SCRIPT": "NZBGet's post-processing script has failed; the files are there.",
        "FAILURE/INTERNAL_ERROR": "NZBGet has failed in itself; look into its log.",
        "WARNING/SKIPPED": "NZBGet was told to skip it.",
        "DELETED/DUPE": "NZBGet takes it for a duplicate of something that it had before.",
        "DELETED/COPY": "NZBGet has downloaded this very NZB before.",
        "DELETED/GOOD": "NZBGet has something that it takes for the same, marked as good.",
        "DELETED/BAD": "It is marked as bad in NZBGet.",
        "DELETED/SCAN": "What NZBGet got is no usable NZB.",
        "DELETED/HEALTH":
            "Too many articles are gone from the news servers, so it cannot be repaired. Choose another release.",
    ]

    /// A sentence for the user, and NZBGet's own word for it.
    static func of(_ status: String) -> String {
        let meaning = meanings[status] ?? (status.hasPrefix("DELETED") ? "It was deleted in NZBGet." : "")
        return (meaning.isEmpty ? "" : meaning + " ") + "NZBGet says: \(status.prefix(60))"
    }
}
