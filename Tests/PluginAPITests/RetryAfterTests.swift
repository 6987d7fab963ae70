import FoundationEssentials
import PluginAPI
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// 2027-01-15T08:00:00Z.
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test(
        "is a number of seconds or a time, and bounded",
        arguments: [
            ("7", 7), (" 7 ", 7), ("0.3", 1), ("-5", 0), ("1e300", 86_400), ("Fri, 15 Jan 2027 08:00:40 GMT", 40),
            ("Fri, 15 Jan 2027 07:00:00 GMT", 0), ("Sat, 15 Jan 2028 08:00:00 GMT", 86_400), ("soon", nil),
            ("nan", nil),
            ("", nil),
        ] as [(String, Int?)]
    )
    func values(text: String, seconds: Int?) {
        let response = ServiceResponse(status: 429, headers: [HeaderField("retry-after", text)])
        #expect(response.retryDelay(at: now) == seconds)
    }

    @Test("is nothing when there is none")
    func absent() {
        #expect(ServiceResponse(status: 429).retryDelay(at: now) == nil)
    }
}
