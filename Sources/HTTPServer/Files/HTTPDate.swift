internal import FoundationEssentials

/// Dates as header fields carry them (RFC 9110 section 5.6.7).
enum HTTPDate {
    /// The preferred form, such as `Sun, 06 Nov 1994 08:49:37 GMT`; fractions of a second are dropped.
    static func text(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let second = (seconds % 86_400 + 86_400) % 86_400
        let day = (seconds - second) / 86_400
        let civil = civil(fromDay: day)
        let weekday = ((day + 4) % 7 + 7) % 7
        return "\(weekdays[weekday]), \(two(civil.day)) \(months[civil.month - 1]) \(four(civil.year)) "
            + "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60)) GMT"
    }

    /// Reads the preferred form and the two old ones; `nil` when the text is no date.
    static func parse(_ text: String) -> Date? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT": return date(words[1], words[2], year(words[3]), words[4])
        case 5: return date(words[2], words[1], Int(words[4]), words[3])
        default: return nil
        }
    }

    private static func date(_ day: String, _ month: String, _ year: Int?, _ time: String) -> Date? {
        let clock = time.split(separator: ":").compactMap { $0.count == 2 ? Int($0) : nil }
        guard let day = Int(day), (1...31).contains(day), let month = months.firstIndex(of: month), let year,
            (1...9_999).contains(year), clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60,
            clock.allSatisfy({ $0 >= 0 })
        else { return nil }
        let seconds = clock[0] * 3_600 + clock[1] * 60 + clock[2]
        return Date(timeIntervalSince1970: Double(dayNumber(year, month + 1, day) * 86_400 + seconds))
    }

    private static func year(_ text: String) -> Int? {
        guard let value = Int(text), value >= 0 else { return nil }
        // Two digits are RFC 850; the rule of 50 years needs a clock, the Unix epoch does not.
        return text.count == 2 ? value + (value < 70 ? 2_000 : 1_900) : value
    }

    /// Days since 1970-01-01 of a date in the Gregorian calendar; March is the first month of the reckoning.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func four(_ value: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, 4 - text.count)) + text
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
