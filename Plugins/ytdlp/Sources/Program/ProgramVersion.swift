import struct FoundationEssentials.Date

/// A version of yt-dlp, which is the day of its release.
struct ProgramVersion: Hashable, Comparable, Sendable {
    /// As the program says it.
    let text: String
    private let year: Int
    private let month: Int
    private let day: Int

    /// The first one that has every option this plugin uses.
    static let minimum = ProgramVersion("2025.03.21")

    /// Days after which sites have usually changed.
    static let mostDays = 90

    /// Reads `2025.03.21`, also with more behind it; `nil` for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".").prefix(3).map { part in Int(part.prefix { $0.isNumber }) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], year > 2000,
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.text = String(text)
        (self.year, self.month, self.day) = (year, month, day)
    }

    static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
    }

    /// How many days old it is, to within two.
    func age(at now: Date) -> Int {
        // Days since 1970 by the average length of a year and a month.
        let released = Double(year - 1970) * 365.2425 + Double(month - 1) * 30.44 + Double(day - 1)
        return Int(now.timeIntervalSince1970 / 86_400 - released)
    }
}
