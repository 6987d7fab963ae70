public import FoundationEssentials

extension ServiceResponse {
    /// How many seconds the service wants to be left alone, of the header Retry-After: a number or a time (RFC 9110,
    /// 10.2.3).
    ///
    /// - Parameter now: what a time is compared with, `HostServices.now`.
    /// - Returns: 0 to 86 400, parts of a second rounded up; `nil` without the header, or when it makes no sense.
    public func retryDelay(at now: Date) -> Int? {
        guard let text = header("Retry-After")?.split(whereSeparator: \.isWhitespace).joined(separator: " ") else {
            return nil
        }
        let seconds = Double(text) ?? Self.time(text)?.timeIntervalSince(now)
        return seconds.flatMap { $0.isNaN ? nil : Int(min(max($0, 0), 86_400).rounded(.up)) }
    }
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7); the older forms of a time are in use nowhere.
    private static func time(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601)
    }
}
