import PluginAPI

/// The wishes in aria2's own terms that `AddDownload.options` may hold.
struct AddOptions: Sendable {
    /// Options of `aria2.addUri` and `aria2.addTorrent`.
    private(set) var options: [String: JSONValue] = [:]

    /// Names that hosts use, and aria2's own.
    ///
    /// None of them makes aria2 run a program or write elsewhere.
    private static let texts = ["user_agent": "user-agent", "referer": "referer", "header": "header"]
    private static let numbers = [
        "connections": "split", "connections_per_server": "max-connection-per-server", "max_peers": "bt-max-peers",
        "download_limit": "max-download-limit", "upload_limit": "max-upload-limit",
    ]

    /// - Throws: `PluginError` with `.invalid` and the field for a name or a value that makes no sense.
    init(_ wishes: [String: JSONValue]) throws {
        for (name, value) in wishes {
            if let option = Self.texts[name] {
                guard let text = value.string, !text.contains(where: \.isNewline) else {
                    throw Self.refusal("It is a text in one line.", name)
                }
                options[option] = .string(text)
            } else if let option = Self.numbers[name] {
                guard let number = value.integer, (0...10_000_000).contains(number) else {
                    throw Self.refusal("It is a number from 0 to 10000000.", name)
                }
                options[option] = .string(name.hasSuffix("_limit") ? "\(number)K" : "\(number)")
            } else {
                let names = (Array(Self.texts.keys) + Array(Self.numbers.keys)).sorted().joined(separator: ", ")
                throw Self.refusal("This plugin passes on no such option; it has \(names).", name)
            }
        }
    }

    private static func refusal(_ words: String, _ name: String) -> PluginError {
        PluginError(.invalid, words, field: "options.\(name)")
    }
}
