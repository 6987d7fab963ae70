extension QualityTable {
    /// The table that ships with Kinodock.
    ///
    /// Bluray-1080p is the cutoff of the default profile and has 100, and so has all that is better.
    static let standard = QualityTable(unchecked: [
        ("Unknown", 0), ("CAM", 2), ("Telesync", 4), ("Telecine", 6), ("Screener", 8),
        ("Unknown-480p", 10), ("SDTV", 15), ("HDTV-480p", 15), ("HDTV-576p", 18), ("Unknown-576p", 18), ("DVD", 25),
        ("HDRip-480p", 26), ("WEBRip-480p", 28), ("WEB-DL-480p", 30), ("WEBRip-576p", 31), ("WEB-DL-576p", 32),
        ("Bluray-480p", 34), ("Bluray-576p", 36), ("HDRip", 38), ("HDTV", 40), ("WEBRip", 42), ("WEB-DL", 44),
        ("Bluray", 46), ("Unknown-720p", 48), ("HDTV-720p", 50), ("HDRip-720p", 52), ("WEBRip-720p", 56),
        ("WEB-DL-720p", 60), ("Bluray-720p", 65), ("Remux-720p", 66), ("Unknown-1080p", 68), ("HDTV-1080p", 72),
        ("HDRip-1080p", 76), ("WEBRip-1080p", 84), ("WEB-DL-1080p", 90), ("Bluray-1080p", 100), ("Remux", 100),
        ("Remux-1080p", 100), ("Unknown-2160p", 100), ("HDTV-2160p", 100), ("HDRip-2160p", 100), ("WEBRip-2160p", 100),
        ("WEB-DL-2160p", 100), ("Bluray-2160p", 100), ("Remux-2160p", 100), ("WEBRip-4320p", 100),
        ("WEB-DL-4320p", 100), ("Bluray-4320p", 100),
    ])

    /// Rows in ascending order of rank, each name once.
    private init(unchecked scores: [(name: String, score: Int)]) {
        let rows = scores.enumerated().map { Row(name: $1.name, rank: $0 + 1, score: $1.score) }
        // The names above differ and no score is over 100, so nothing is refused.
        do { try self.init(rows) } catch { preconditionFailure("the standard quality table: \(error)") }
    }
}
