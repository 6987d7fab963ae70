import FoundationEssentials
import HTTPServer
import PluginAPI
import Testing

@testable import Host

@Suite("JSON that is written by hand")
struct JSONWriterTests {
    @Test(
        "texts are escaped where JSON asks for it",
        arguments: [
            ("", #""""#), ("plain é 😀", #""plain é 😀""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{1f}\u{7f}", "\"\\u0000\\u001f\u{7f}\""), ("\r\n", #""\r\n""#),
        ]
    )
    func escapes(text: String, json: String) throws {
        #expect(JSONWriter.text(.string(text)) == json)
        #expect(try JSONValue(Array(json.utf8)) == .string(text))
    }

    @Test(
        "numbers are numbers of JSON",
        arguments: [
            (0, "0"), (-0.0, "0"), (1.5, "1.5"), (100, "100"), (1e20, "1e+20"), (.nan, "null"), (-.infinity, "null"),
            (0.1, "0.1"), (1e-7, "1e-07"), (999_999_999_999_999, "999999999999999"),
        ] as [(Double, String)]
    )
    func numbers(number: Double, json: String) throws {
        var writer = JSONWriter()
        writer.value(number)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == json)
        if number.isFinite { #expect(try JSONValue(writer.bytes).number == number) }
    }

    @Test("whole numbers keep all digits", arguments: [Int64.min, 0, Int64.max])
    func integers(number: Int64) {
        #expect(JSONWriter.text(.integer(number)) == String(number))
    }

    @Test("commas stand between members and elements, however deep")
    func nesting() {
        let value: JSONValue = ["b": [1, [], [:], "x", .null, [["a": true]]], "a": [:], "c\"": false]
        #expect(JSONWriter.text(value) == #"{"a":{},"b":[1,[],{},"x",null,[{"a":true}]],"c\"":false}"#)
    }

    @Test("members that are absent are null, dates and raw JSON stand as they are")
    func members() {
        let json = JSONWriter.object { writer in
            writer.member("text", String?.none)
            writer.member("number", Int?.none)
            writer.member("date", ManualClock.start)
            writer.member("list", ["a", "b"])
            writer.key("raw")
            writer.raw("[1]".utf8)
            writer.member("last", true)
        }
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"text":null,"number":null,"date":"2024-01-15T10:30:00Z","list":["a","b"],"raw":[1],"last":true}"#
        )
    }
}

@Suite("Times as text")
struct ISO8601Tests {
    @Test(
        "are right in leap years, at the turns of centuries and before 1970",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"), (1_709_164_799, "2024-02-28T23:59:59Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
            (-86_400, "1969-12-31T00:00:00Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
            (1_704_067_199, "2023-12-31T23:59:59Z"),
        ] as [(Double, String)]
    )
    func known(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).iso8601 == text)
    }

    @Test("agree with the library's formatter over four centuries")
    func agrees() {
        for step in 0..<2000 {
            let date = Date(timeIntervalSince1970: -6_000_000_000 + Double(step) * 6_311_111)
            #expect(date.iso8601 == date.ISO8601Format())
        }
    }

    @Test(
        "fractions of a second are cut off, and milliseconds survive the store",
        arguments: [1.999, -0.5, 1_705_314_600.123]
    )
    func fractions(seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(date.iso8601 == Date(timeIntervalSince1970: seconds.rounded(.down)).iso8601)
        #expect(abs(Date(milliseconds: date.milliseconds).timeIntervalSince(date)) < 0.001)
    }
}

@Suite("Numbers for Prometheus")
struct MetricsTextTests {
    @Test("have help, type, sorted labels and escaped values")
    func form() {
        var metrics = MetricsText()
        metrics.gauge("a", "What a is.", 1.5)
        metrics.counter("b", "What b is.", [(["z": "1", "k": "a\"b\\c\nd"], 2), ([:], 1e20)])
        metrics.gauge("c", "Nothing yet.", [])
        let expected = """
            # HELP a What a is.
            # TYPE a gauge
            a 1.5
            # HELP b What b is.
            # TYPE b counter
            b{k="a\\"b\\\\c\\nd",z="1"} 2
            b 1e+20
            # HELP c Nothing yet.
            # TYPE c gauge

            """
        #expect(metrics.text == expected)
    }

    @Test("answers are counted by the hundreds of their status")
    func counters() {
        let counters = RequestCounters()
        for status in [200, 204, 404, 500, 599, 0, 999] { counters.count(status) }
        #expect(counters.byClass.map(\.value) == [0, 2, 0, 1, 3])
    }
}

@Suite("Errors as answers")
struct ErrorStyleTests {
    private func render(_ style: ErrorStyle, _ error: HTTPError) -> (HTTPResponse, String) {
        let response = style.render(error, HTTPRequest(.get, "/"))
        return (response, String(decoding: response.body.bytes, as: UTF8.self))
    }

    @Test("the house's style has words, a code and the fields")
    func house() {
        let (_, plain) = render(.house, .notFound("Nothing."))
        #expect(plain == #"{"success":false,"error":"Nothing.","code":"NOT_FOUND"}"#)
        let (response, fields) = render(.house, .validation("a", "No."))
        let details = #""details":{"fields":[{"field":"a","message":"No."}]}"#
        #expect(fields == #"{"success":false,"error":"a: No.","code":"VALIDATION_ERROR",\#(details)}"#)
        #expect(response.status == .badRequest && response.headers["x-correlation-id"] != nil)
    }

    @Test("the media API has a message only")
    func media() {
        let (response, text) = render(MediaAPI.errorStyle, HTTPError(.tooManyRequests, "Wait."))
        #expect(text == #"{"message":"Wait."}"# && response.status == .tooManyRequests)
    }

    @Test(
        "each refusal of the queue has its status and code",
        arguments: [
            (.noSuchItem("x"), 404, "NOT_FOUND"), (.noSuchClient("x"), 400, "VALIDATION_ERROR"),
            (.noClientTakes(.nzb), 422, "NO_DOWNLOAD_CLIENT"), (.blocked(reason: "x"), 409, "BLOCKLISTED"),
            (.badSource("x"), 400, "INVALID_SOURCE"), (.noSuchTitle("x", .series), 400, "VALIDATION_ERROR"),
            (.retryRefused(.inProgress), 409, "RETRY_IN_PROGRESS"), (.retryRefused(.exhausted), 409, "RETRY_EXHAUSTED"),
            (.client(name: "n", PluginError(.badResponse, "x")), 502, "BAD_RESPONSE"),
        ] as [(QueueError, Int, String)]
    )
    func queue(error: QueueError, status: Int, code: String) {
        let translated = HTTPError(error)
        #expect(translated.status.code == status && translated.code == code && !translated.message.isEmpty)
    }
}
