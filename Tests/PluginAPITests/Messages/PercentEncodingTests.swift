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
}
