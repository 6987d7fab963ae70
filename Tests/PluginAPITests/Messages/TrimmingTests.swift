import PluginAPI
import Testing

struct TrimmingTests {
    @Test(
        "takes blanks and line breaks from both ends alone",
        arguments: [("", ""), (" \t\r\n", ""), ("key", "key"), (" \nkey\u{A0}\r\n", "key"), (" a b ", "a b")]
    )
    func trims(text: String, trimmed: String) {
        #expect(text.trimmed == trimmed && text[...].trimmed == trimmed)
    }
}
