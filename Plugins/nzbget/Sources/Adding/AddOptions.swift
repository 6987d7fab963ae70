import PluginAPI

/// The wishes that an add may have beyond the common ones.
struct AddOptions: Sendable {
    /// `unpack`: whether archives are unpacked; NZBGet's own setting when absent.
    private(set) var unpacks: Bool?
    /// `addToTop`: whether it comes before everything of the same priority.
    private(set) var isFirst = false

    /// - Throws: `PluginError` with `.invalid` and the field for a key or value that is not known.
    init(_ options: [String: JSONValue]) throws {
        for (key, value) in options {
            guard key == "unpack" || key == "addToTop" else {
                throw Self.refusal(key, "NZBGet has no option “\(key)”; there are unpack and addToTop.")
            }
            guard let flag = value.bool else { throw Self.refusal(key, "\(key) is true or false.") }
            if key == "unpack" { unpacks = flag } else { isFirst = flag }
        }
    }

    private static func refusal(_ key: String, _ words: String) -> PluginError {
        PluginError(.invalid, words, field: "options.\(key)")
    }
}
