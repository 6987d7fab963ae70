import FoundationEssentials
import Testing

@testable import HTTPServer

@Suite("Conditional fields")
struct PreconditionsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let fields: [String: String]
        let expected: Preconditions.Verdict
        var method = HTTPMethod.get
        var etag: String? = "\"v1\""

        var testDescription: String { "\(method) \(fields.sorted { $0.key < $1.key }) with \(etag ?? "no tag")" }
    }

    private static let at = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let before = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let after = "Sun, 06 Nov 1994 08:49:38 GMT"
    private static let whole = Preconditions.Verdict.proceed(rangeAllowed: false)
    private static let ranged = Preconditions.Verdict.proceed(rangeAllowed: true)

    @Test(
        "are judged in the order of RFC 9110 section 13.2.2",
        arguments: [
            Case(fields: [:], expected: ranged),
            Case(fields: [:], expected: whole, method: .head),
            Case(fields: ["If-Match": "*"], expected: ranged),
            Case(fields: ["If-Match": "*"], expected: ranged, etag: nil),
            Case(fields: ["If-Match": "\"a\", \"v1\""], expected: ranged),
            Case(fields: ["If-Match": "W/\"v1\""], expected: .failed),
            Case(fields: ["If-Match": "\"v1\"", "If-Unmodified-Since": before], expected: ranged),
            Case(fields: ["If-Unmodified-Since": at], expected: ranged),
            Case(fields: ["If-Unmodified-Since": before], expected: .failed),
            Case(fields: ["If-Unmodified-Since": "rubbish"], expected: ranged),
            Case(fields: ["If-None-Match": "W/\"v1\""], expected: .notModified),
            Case(fields: ["If-None-Match": "*"], expected: .notModified),
            Case(fields: ["If-None-Match": "\"v1\""], expected: .failed, method: .put),
            Case(fields: ["If-None-Match": "\"a,b\", \"v1\""], expected: .notModified),
            Case(fields: ["If-None-Match": "\"v2\"", "If-Modified-Since": after], expected: ranged),
            Case(fields: ["If-Modified-Since": at], expected: .notModified),
            Case(fields: ["If-Modified-Since": before], expected: ranged),
            Case(fields: ["If-Modified-Since": at], expected: whole, method: .put),
            Case(fields: ["If-Match": "\"v2\"", "If-None-Match": "\"v1\""], expected: .failed),
            Case(fields: ["If-Range": "\"v1\""], expected: ranged),
            Case(fields: ["If-Range": "W/\"v1\""], expected: whole),
            Case(fields: ["If-Range": "W/\"v1\""], expected: whole, etag: "W/\"v1\""),
            Case(fields: ["If-Range": "\"v2\""], expected: whole),
            Case(fields: ["If-Range": at], expected: ranged),
            Case(fields: ["If-Range": after], expected: whole),
            Case(fields: ["If-Range": "rubbish"], expected: whole),
        ]
    )
    func verdict(test: Case) throws {
        let date = try #require(HTTPDate.parse(Self.at)).addingTimeInterval(0.5)
        let current = Validators(etag: test.etag.flatMap(EntityTag.init), lastModified: date)
        #expect(Preconditions { test.fields[$0] }.verdict(test.method, current) == test.expected)
    }

    @Test(
        "carry dates in three forms",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ]
    )
    func dates(text: String) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == 784_111_777)
    }

    @Test(
        "write dates in the preferred form",
        arguments: [
            (0.0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777.9, at),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ]
    )
    func writes(seconds: Double, text: String) {
        #expect(HTTPDate.text(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test(
        "refuse what is no date",
        arguments: [
            "", "yesterday", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
        ]
    )
    func refuses(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}
