import PluginAPI
import Testing

struct PostNameTests {
    @Test(
        "what a client or its programs would take for something else is replaced",
        arguments: [
            ("Night & Day 1999 (日本)", "Night & Day 1999 (日本)"), ("AC/DC/../x", "AC_DC_.._x"),
            ("a{{b}}c", "a__b__c"), ("con:colon?*<>|\"\\", "con_colon_______"), ("x\u{1}y\nz", "x_y_z"),
            (".hidden.Film", "hidden.Film"), ("Film 1999...", "Film 1999"), (" Film ", "Film"),
            ("Film.NZB", "Film"), ("..", ""), ("", ""),
        ]
    )
    func names(text: String, name: String) {
        #expect(PostName.of(text) == name)
    }

    @Test("a long name is cut between characters, with room for a client's own words")
    func long() {
        #expect(PostName.of(String(repeating: "x", count: 255)).utf8.count == 180)
        #expect(PostName.of(String(repeating: "é", count: 127)) == String(repeating: "é", count: 90))
        #expect(PostName.of(String(repeating: "語", count: 70)).utf8.count == 180)
        #expect(PostName.of(String(repeating: "y", count: 179) + ". z").utf8.count == 179)
    }
}
