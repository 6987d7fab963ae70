import PluginAPI

/// The wishes that an add may have beyond the common ones.
struct AddOptions: Sendable {
    /// `unpack`: whether archives are unpacked; NZBGet's own setting when absent.
    private(set) var unpacks: Bool?
    /// `addToTop`: whether it comes before everything of the same priority.
    private(set) var isFirst = false
    /// `password`: of the archives.
    private(set) var password: String?

    /// - Throws: `PluginError` with `.invalid` and the field for a key or value that is not known.
    init(_ options: [String: JSONValue]) throws {
        for (key, value) in options {
            switch (key, value.bool, value.string) {
            case ("unpack", let flag?, _): unpacks = flag
            case ("addToTop", let flag?, _): isFirst = flag
            case ("password", _, let text?): password = text
            case ("unpack", _, _), ("addToTop", _, _): throw Self.refusal(key, "\(key) is true or false.")
            case ("password", _, _): throw Self.refusal(key, "password is a text.")
            default:
                throw Self.refusal(key, "NZBGet has no option “\(key)”; there are unpack, addToTop and password.")
            }
        }
    }

    private static func refusal(_ key: String, _ words: String) -> PluginError {
        PluginError(.invalid, words, field: "options.\(key)")
    }
}
