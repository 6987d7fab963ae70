import FoundationEssentials

extension Date {
    /// Milliseconds since 1970, the form in which the store keeps times.
    ///
    /// A time that no calendar here can show becomes the first of the year 0 or the last of the year 9999, one that is
    /// no number becomes 1970: backends say such things, and none of them is worth the server.
    var milliseconds: Int64 { Int64((Self.shown(timeIntervalSince1970) * 1000).rounded()) }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// `2024-01-15T10:30:00Z`: the form of every time in the APIs.
    var iso8601: String {
        String(unsafeUninitializedCapacity: 20) { buffer in
            writeISO8601(to: buffer)
            return 20
        }
    }

    /// Writes 20 ASCII characters.
    ///
    /// A queue page has up to a hundred times, so this does without a formatter.
    ///
    /// Times outside of the years 0 to 9999 are written as the first or last one of these.
    func writeISO8601(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        let seconds = Int(Self.shown(timeIntervalSince1970).rounded(.down))
        let day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let time = seconds - day * 86400
        // Days since 0000-03-01: with years that begin in March a leap day is the last day of its year.
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func put(_ value: Int, _ offset: Int, _ digits: Int, _ end: UInt8) {
            var rest = value
            for index in stride(from: offset + digits - 1, through: offset, by: -1) {
                buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            buffer[offset + digits] = end
        }
        put(year, 0, 4, UInt8(ascii: "-"))
        put(month, 5, 2, UInt8(ascii: "-"))
        put(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 8, 2, UInt8(ascii: "T"))
        put(time / 3600, 11, 2, UInt8(ascii: ":"))
        put(time / 60 % 60, 14, 2, UInt8(ascii: ":"))
        put(time % 60, 17, 2, UInt8(ascii: "Z"))
    }

    /// Seconds from 0000-01-01T00:00:00Z to the last millisecond of the year 9999: four digits can show these.
    private static let shownSeconds = -62_167_219_200.0...253_402_300_799.999

    private static func shown(_ seconds: Double) -> Double {
        seconds.isNaN ? 0 : min(max(seconds, shownSeconds.lowerBound), shownSeconds.upperBound)
    }
}
