import PluginAPI
import Testing

@testable import YtDlp

@Suite("What is at an address")
struct DescriptionTests {
    @Test("entries have their own address without what is smuggled, or none")
    func entries() throws {
        let description = try Description(
            Array(
                """
                {"_type": "playlist", "title": "All", "webpage_url": "http://a/all", "entries": [
                {"url": "http://a/1#__youtubedl_smuggle=%7B%7D", "title": "one", "duration": 3},
                {"formats": [], "webpage_url": "http://a/all", "title": "two"}, {"url": "ytsearch:x"}]}
                """.utf8
            )
        )
        #expect(description.isList && description.title == "All")
        #expect(description.entries.map(\.link) == ["http://a/1", nil, nil])
        #expect(description.entries[0].duration == 3)
    }

    @Test("entries keep their place in the whole list, whichever were asked for")
    func numbers() throws {
        let entries = #""entries": [{"formats": []}, {"formats": []}]"#
        let some = try Description(Array("{\(entries), \"requested_entries\": [7, 3]}".utf8))
        #expect(some.entries.map(\.number) == [7, 3])
        let all = try Description(Array("{\(entries)}".utf8))
        #expect(all.entries.map(\.number) == [1, 2])
    }

    @Test("cookies are not told on")
    func cookies() throws {
        let json = #"{"title": "x", "cookies": "a=secret", "formats": [{"format_id": "1", "cookies": "a=secret"}]}"#
        let source = try Description(Array(json.utf8)).inspected(as: "http://a/")
        #expect(source.formats.map(\.id) == ["1"])
        #expect(!"\(source)".contains("secret"))
    }

    @Test("a size is the sum of what is merged, when all of it is known")
    func size() throws {
        let known = #"{"requested_formats": [{"filesize": 1}, {"filesize_approx": 2.5}]}"#
        #expect(try Description(Array(known.utf8)).size == 3)
        let unknown = #"{"requested_formats": [{"filesize": 1}, {}]}"#
        #expect(try Description(Array(unknown.utf8)).size == nil)
    }

    @Test("anything else is a bad answer", arguments: ["", "null", "[1]", "{"])
    func nonsense(text: String) {
        #expect(throws: PluginError.self) { try Description(Array(text.utf8)) }
    }
}
