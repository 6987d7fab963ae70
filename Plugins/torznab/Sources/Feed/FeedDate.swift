import FoundationEssentials

/// A time as feeds write it: "Sat, 21 Nov 2026 20:00:00 +0100" (RFC 822, with years of four digits), or ISO 8601.
struct FeedDate: Hashable, Sendable {
    let date: Date

    /// `nil` for a text that is no time between the years 1900 and 2200.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        if let date = try? Date(text, strategy: .iso8601) {
            self.date = date
        } else {
            guard let date = Self.mail(text) else { return nil }
            self.date = date
        }
        guard Self.range.contains(date) else { return nil }
    }

    /// In the form of the SDK's messages: ISO 8601, UTC.
    var text: String { date.ISO8601Format() }

    private static let range =
        Date(timeIntervalSince1970: -2_208_988_800)...Date(timeIntervalSince1970: 7_258_118_400)

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func mail(_ text: String) -> Date? {
        var parts = text.split { $0.isWhitespace || $0 == "," }
        // The day of the week says nothing new.
        if parts.first?.first?.isLetter == true { parts.removeFirst() }
        guard parts.count >= 4, let day = Int(parts[0]), (1...31).contains(day),
            let month = months.firstIndex(of: parts[1].prefix(3).lowercased()),
            let year = Int(parts[2]), (1900...2200).contains(year), let time = seconds(of: parts[3])
        else { return nil }
        let zone = parts.count > 4 ? offset(of: parts[4]) : 0
        return Date(timeIntervalSince1970: Double(days(year, month + 1, day) * 86_400 + time - zone))
    }

    private static func seconds(of text: Substring) -> Int? {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard (2...3).contains(parts.count), (0..<24).contains(parts[0]), (0..<60).contains(parts[1]) else {
            return nil
        }
        return parts[0] * 3600 + parts[1] * 60 + min(max(parts.count > 2 ? parts[2] : 0, 0), 60)
    }

    /// Seconds east of Greenwich of "+0130"; names of zones count as Greenwich, as RFC 2822 advises.
    private static func offset(of text: Substring) -> Int {
        guard let sign = text.first, sign == "+" || sign == "-" else { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let number = Int(digits) else { return 0 }
        return (number / 100 * 3600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Years begin in March here, so that the day that some have comes last.
        let shifted = month > 2 ? year : year - 1
        let inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + inYear - 719_468
    }
}
