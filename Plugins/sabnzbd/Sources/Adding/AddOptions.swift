import PluginAPI

/// The wishes that an add may have beyond the common ones.
struct AddOptions: Sendable {
    /// `postProcessing`: none, repair, unpack or delete (unpack and delete the archives), as SABnzbd numbers them.
    private(set) var steps: Int?
    /// `script`: a post-processing script by its name.
    private(set) var script: String?
    /// `password`: of the archives.
    private(set) var password: String?

    private static let steps = ["none": 0, "repair": 1, "unpack": 2, "delete": 3]

    /// - Throws: `PluginError` with `.invalid` and the field for a key or value that is not known.
    init(_ options: [String: JSONValue]) throws {
        for (key, value) in options {
            switch (key, value.string) {
            case ("postProcessing", let name?):
                guard let number = Self.steps[name] else {
                    throw Self.refusal(key, "postProcessing is one of none, repair, unpack and delete.")
                }
                steps = number
            case ("script", let name?):
                guard !name.isEmpty, !name.contains("/"), name != "..", name.utf8.count <= 255 else {
                    throw Self.refusal(key, "script is the name of a file in SABnzbd's script folder.")
                }
                script = name
            case ("password", let text?): password = text
            case ("postProcessing", nil), ("script", nil), ("password", nil):
                throw Self.refusal(key, "\(key) is a text.")
            default:
                throw Self.refusal(
                    key,
                    "SABnzbd has no option “\(key)”; there are postProcessing, script and password."
                )
            }
        }
    }

    private static func refusal(_ key: String, _ words: String) -> PluginError {
        PluginError(.invalid, words, field: "options.\(key)")
    }
}
