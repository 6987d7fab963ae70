import Testing

@testable import PluginAPI

struct PercentEncodingTests {
    @Test(
        "turns every escape into its byte, and leaves what is none",
        arguments: [
            ("", ""), ("plain", "plain"), ("a%20b", "a b"), ("%41%62", "Ab"), ("%c3%A9", "é"), ("é%21", "é!"),
            ("%25", "%"), ("%2525", "%25"), ("+", "+"), ("%", "%"), ("%4", "%4"), ("%4g", "%4g"), ("%-1", "%-1"),
            ("%+1", "%+1"), ("%C3", "%C3"), ("a%00b", "a\0b"),
        ]
    )
    func decodes(text: String, decoded: String) {
        #expect(text.percentDecoded == decoded)
    }

    @Test("escapes all but unreserved characters, and leaves those that it is told to keep")
    func encodes() {
        #expect("a-Z_0.~ ,/ü%".percentEncoded == "a-Z_0.~%20%2C%2F%C3%BC%25")
        #expect("1,2 3".percentEncoded(keeping: ",") == "1,2%203")
    }
}
