import FoundationEssentials
import Testing

@testable import HTTPServer

@Suite("Decoding requests")
struct DecodingTests {
    private enum Sort: String, CaseIterable { case title, year }

    private struct Body: Decodable {
        struct Item: Decodable { let port: Int }
        let name: String
        let items: [Item]
        let on: Bool?
    }

    private func error(_ body: () throws -> Void) -> HTTPError? {
        do {
            try body()
            return nil
        } catch { return error as? HTTPError }
    }

    private func decode(_ text: String, type: String? = "application/json") -> HTTPError? {
        let headers: HTTPHeaders = type.map { ["Content-Type": $0] } ?? [:]
        let request = HTTPRequest(.post, "/", headers: headers, body: Data(text.utf8))
        return error { _ = try request.decodeJSON(Body.self) }
    }

    @Test("reads a query with escapes, plus signs and repeated keys")
    func query() {
        let query = HTTPRequest(.get, "/x?a=1&b=x+y%26z&a=2&flag&=v&%C3%A9=%zz&c=1=2").query
        #expect(query.all("a") == ["1", "2"])
        #expect(query.first("b") == "x y&z")
        #expect(query.first("flag") == "")
        #expect(query.first("é") == "%zz")
        #expect(query.first("c") == "1=2")
        #expect(query.first("none") == nil)
    }

    @Test("gives typed values and their defaults")
    func typed() throws {
        let query = QueryParameters("page=3&on=true&sort=year")
        #expect(try query.int("page", default: 1) == 3)
        #expect(try query.int("size", default: 20) == 20)
        #expect(try query.bool("on", default: false))
        #expect(try query.decode { $0.oneOf("sort", default: Sort.title) } == .year)
    }

    @Test(
        "refuses values of the wrong kind",
        arguments: ["page=x", "page=", "page=1.5", "page=+1", "page=0", "page=101", "page=99999999999999999999"]
    )
    func wrong(text: String) {
        let refused = error { _ = try QueryParameters(text).int("page", default: 1, in: 1...100) }
        #expect(refused?.status == .badRequest)
        #expect(refused?.fields == [FieldError("page", "must be a whole number from 1 to 100")])
    }

    @Test("names every bad value at once")
    func collects() {
        let query = QueryParameters("page=x&on=1&sort=size")
        let refused = error {
            try query.decode { decoder in
                _ = decoder.int("page", default: 1)
                _ = decoder.bool("on", default: false)
                _ = decoder.oneOf("sort", default: Sort.title)
                _ = decoder.required("q")
            }
        }
        #expect(refused?.code == "VALIDATION_ERROR")
        #expect(refused?.fields.map(\.field) == ["page", "on", "sort", "q"])
        #expect(refused?.message.contains("sort: must be one of title, year") == true)
    }

    @Test(
        "decodes JSON of any JSON type",
        arguments: ["application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json"]
    )
    func json(type: String) {
        #expect(decode(#"{"name":"a","items":[{"port":1}]}"#, type: type) == nil)
    }

    @Test(
        "refuses a body that does not say that it is JSON",
        arguments: [nil, "text/plain", "json", "application/jsonx"]
    )
    func jsonType(type: String?) {
        #expect(decode("{}", type: type)?.status == .unsupportedMediaType)
    }

    @Test(
        "says where JSON is malformed",
        arguments: [
            ("", "is empty"), ("{", "line 1, column 2 needs a key"),
            ("{\n \"name\": nope}", "line 2, column 10 needs a value"),
            ("[1,2", "line 1, column 5 needs a comma or ]"), ("{\"a\":1}x", "line 1, column 8 needs the end"),
            ("{\"a\" 1}", "column 6 needs a colon"), ("{\"a\":1,}", "column 8 needs a key"),
            ("[01]", "column 2 needs a number"),
            ("[1.]", "column 4 needs a digit"), ("[\"a\u{1}\"]", "column 4 needs an escape"),
            ("[\"\\x\"]", "column 3 needs a known"),
            ("[\"a", "column 4 needs the closing"), ("\u{0}", "column 1 needs a value"),
            ("[\"\\u12G4\"]", "needs four"),
            (String(repeating: "[", count: 100_000), "needs fewer levels"),
            ("{\"a\":1,\"b\":{\"a\":2},\"a\":3}", "column 20 needs a key that has not been there before"),
        ]
    )
    func malformed(text: String, words: String) {
        let refused = decode(text)
        #expect(refused?.status == .badRequest)
        #expect(refused?.code == "INVALID_JSON")
        #expect(refused?.message.contains(words) == true, "\(refused?.message ?? "")")
    }

    @Test(
        "refuses a body that is broken where the decoder does not look",
        arguments: [
            Array("{\"x\":1,}".utf8), Array("{\"x\":\"\n\"}".utf8),
            Array("{\"x\":\"".utf8) + [0xFF] + Array("\"}".utf8),
        ]
    )
    func brokenAside(bytes: [UInt8]) {
        struct Choices: Decodable { let on: Bool? }
        let request = HTTPRequest(.post, "/", headers: ["Content-Type": "application/json"], body: Data(bytes))
        #expect(error { _ = try request.decodeJSON(Choices.self) }?.code == "INVALID_JSON")
    }

    @Test("takes a body that begins with a byte order mark")
    func byteOrderMark() throws {
        let body = Data([0xEF, 0xBB, 0xBF]) + Data(#"{"name":"a","items":[]}"#.utf8)
        let request = HTTPRequest(.post, "/", headers: ["Content-Type": "application/json"], body: body)
        #expect(try request.decodeJSON(Body.self).name == "a")
    }

    @Test(
        "finds no fault in JSON",
        arguments: ["{}", " [1, -2.5e+10, \"\\u00e9\\n\", true, false, null, {\"a\": [[]]}] ", "0", "\"\""]
    )
    func noFault(text: String) {
        #expect(JSONFault.find(in: Array(text.utf8)) == nil)
    }

    @Test(
        "names the field that is missing or of the wrong type",
        arguments: [
            ("{}", "name", "is required"), (#"{"name":1,"items":[]}"#, "name", "must be text"),
            (#"{"name":null,"items":[]}"#, "name", "must be text, not null"),
            (#"{"name":"a","items":{}}"#, "items", "must be a list"),
            (#"{"name":"a","items":[{"port":1},{"port":"x"}]}"#, "items[1].port", "must be a whole number"),
            (#"{"name":"a","items":[{"port":1},{}]}"#, "items[1].port", "is required"),
            (#"{"name":"a","items":[],"on":1}"#, "on", "must be true or false"),
            ("[]", "body", "must be an object"), (#"{"name":"a","items":[1]}"#, "items[0]", "must be an object"),
        ]
    )
    func fields(text: String, field: String, message: String) {
        let refused = decode(text)
        #expect(refused?.code == "VALIDATION_ERROR")
        #expect(refused?.fields.first?.field == field)
        #expect(refused?.fields.first?.message.hasPrefix(message) == true, "\(refused?.message ?? "")")
    }
}
