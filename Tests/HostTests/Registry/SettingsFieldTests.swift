import PluginAPI
import Testing

@testable import Host

@Suite("A value of a field")
struct SettingsFieldTests {
    private static let long = String(repeating: "a", count: SettingsField.longestText + 1)
    private static let many = (0...SettingsField.mostEntries).map { String($0) }

    /// A field of a type, with two choices if it takes some.
    private func field(_ kind: SettingsField.Kind) -> SettingsField {
        var field = SettingsField("f", kind, label: "F")
        if kind == .select || kind == .multiselect { field.options = [.init("a"), .init("b")] }
        return field
    }

    @Test(
        "is taken when it is of the field's type",
        arguments: [
            (.text, "line\nline"), (.secret, "word"), (.number, 1.5), (.bool, false), (.select, "a"),
            (.multiselect, ["a", "b"]), (.path, "/srv"), (.path, ""), (.url, "HTTPS://a.example/x?y"), (.url, ""),
            (.host, "a.example"), (.host, "::1"), (.host, "[::1]"), (.host, ""), (.tags, ["x", "y"]),
            (.keyValue, ["a": ""]), (.oauth, "token"), (.info, ""), (.info, .null),
        ] as [(SettingsField.Kind, JSONValue)]
    )
    func good(kind: SettingsField.Kind, value: JSONValue) {
        #expect(field(kind).problem(with: value) == nil)
    }

    @Test(
        "is refused when it is not",
        arguments: [
            (.text, 1), (.text, ["a"]), (.secret, true), (.number, "1"), (.bool, "true"), (.bool, 1), (.select, "c"),
            (.select, 1), (.multiselect, "a"), (.multiselect, ["c"]), (.path, "srv"), (.path, "~/srv"),
            (.url, "a.example"), (.url, "ftp://a"), (.url, "http://"), (.url, "http:///x"), (.url, "http://a b"),
            (.host, "a:80"), (.host, "[::1]:80"), (.host, "a/b"), (.host, "me@a"), (.host, "a b"), (.tags, ["x", 1]),
            (.tags, "x"), (.keyValue, ["a": 1]), (.keyValue, ["": "x"]), (.keyValue, []), (.oauth, 1), (.info, "x"),
        ] as [(SettingsField.Kind, JSONValue)]
    )
    func bad(kind: SettingsField.Kind, value: JSONValue) {
        #expect(field(kind).problem(with: value) != nil)
    }

    @Test(
        "is never endless",
        arguments: [
            (.text, .string(long)), (.secret, .string(long)), (.url, .string("http://" + long)), (.host, .string(long)),
            (.path, .string("/" + long)), (.oauth, .string(long)), (.tags, [.string(long)]),
            (.keyValue, ["a": .string(long)]),
            (.keyValue, .object([long: ""])), (.tags, .array(many.map(JSONValue.string))),
            (.keyValue, .object(.init(uniqueKeysWithValues: many.map { ($0, "") }))),
        ] as [(SettingsField.Kind, JSONValue)]
    )
    func large(kind: SettingsField.Kind, value: JSONValue) throws {
        let problem = try #require(field(kind).problem(with: value))
        #expect(problem.hasPrefix("Must have at most"), "\(problem)")
    }

    @Test("may be anything of a type that only a newer server knows, within limits")
    func unknownType() {
        var field = SettingsField("f", .text, label: "F")
        field.type = .unknown("colour")
        #expect(field.problem(with: ["red": 1]) == nil)
        #expect(field.problem(with: [.string(Self.long)]) != nil)
    }

    @Test("holds no NUL, which ends a text in C", arguments: [SettingsField.Kind.text, .secret, .path])
    func null(kind: SettingsField.Kind) {
        #expect(field(kind).problem(with: "/a\u{0}b") == "Must not hold the character NUL.")
    }
}
