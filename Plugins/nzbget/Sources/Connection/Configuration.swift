import PluginAPI

/// NZBGet's settings, as far as they matter to whoever lets it download.
struct Configuration: Sendable {
    private let values: [String: String]

    init(_ pairs: [Pair]) {
        values = Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    }

    struct Pair: Sendable, Decodable {
        var name: String
        var value: String

        private enum CodingKeys: String, CodingKey {
            case name = "Name"
            case value = "Value"
        }
    }

    struct Category: Sendable {
        var name: String
        /// Where its finished downloads go.
        var folder: String
        /// Whether archives are unpacked.
        var unpacks: Bool
    }

    func isOn(_ name: String, default isOn: Bool) -> Bool {
        values[name].map { $0.lowercased() == "yes" } ?? isOn
    }

    func text(_ name: String) -> String { values[name] ?? "" }

    /// The folder for finished downloads without a category.
    var complete: String { path("DestDir") }

    /// The folder for unfinished downloads; empty when they begin where they end.
    var incomplete: String { path("InterDir") }

    var categories: [Category] {
        numbered("Category", "Name").map { prefix, name in
            Category(
                name: name,
                folder: path("\(prefix).DestDir", or: folder(named: name)),
                unpacks: isOn("\(prefix).Unpack", default: true)
            )
        }
    }

    /// The hosts of the news servers that are in use.
    var newsServers: [String] {
        numbered("Server", "Host").filter { isOn("\($0.prefix).Active", default: true) }.map(\.value)
    }

    /// All folders in which finished and unfinished downloads may be.
    var folders: [String] {
        [complete, incomplete].filter { !$0.isEmpty } + categories.map(\.folder)
    }

    /// Where downloads of a category go.
    func folder(of category: String) -> String {
        categories.first { $0.name.lowercased() == category.lowercased() }?.folder ?? folder(named: category)
    }

    private func folder(named category: String) -> String {
        category.isEmpty || !isOn("AppendCategoryDir", default: true) ? complete : "\(complete)/\(category)"
    }

    private func path(_ name: String, or other: String = "") -> String {
        let text = values[name] ?? ""
        guard !text.isEmpty else { return other }
        return text.hasPrefix("${MainDir}") ? text.replacing("${MainDir}", with: values["MainDir"] ?? "") : text
    }

    /// The values `PREFIXn.SUFFIX`, by their prefixes, in order.
    private func numbered(_ prefix: String, _ suffix: String) -> [(prefix: String, value: String)] {
        // NZBGet numbers them without gaps.
        (1...999).lazy.map { "\(prefix)\($0)" }.map { (prefix: $0, value: text("\($0).\(suffix)")) }
            .prefix { !$0.value.isEmpty }.map { $0 }
    }
}

extension API {
    func configuration() async throws -> Configuration {
        Configuration(try await call([Configuration.Pair].self, "config"))
    }
}
