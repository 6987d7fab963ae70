import PluginAPI

/// The answer to `t=caps`.
final class CapabilitiesDocument: IndexerDocument {
    static let root = "caps"
    private static let mostCategories = 2000

    private(set) var capabilities = Capabilities()
    private var category: String?
    private var namesSearches = false

    func begin(_ element: XMLElement) throws {
        switch element.name {
        case "server":
            capabilities.server = element["title"]
            capabilities.version = element["version"] ?? element["appversion"]
        case "limits":
            let limit = (element["max"] ?? element["default"]).flatMap { Int($0) }
            capabilities.limit = limit.flatMap { $0 > 0 ? $0 : nil }
        case "searching": namesSearches = true
        case "search": note(element, as: .search, usual: "q")
        case "tv-search": note(element, as: .series, usual: "q,season,ep")
        case "movie-search": note(element, as: .movie, usual: "q")
        case "category":
            category = element["name"]
            add(element, name: element["name"])
        case "subcat":
            add(element, name: subcategory(element["name"] ?? ""))
        default: break
        }
    }

    func end(_ name: String, prefix: String?, text: String) throws {
        if name == "category" { category = nil }
        // Who says nothing of searches has the one that all have.
        if name == Self.root, !namesSearches, capabilities.functions.isEmpty { capabilities.functions[.search] = ["q"] }
    }

    /// - Parameter usual: what indexers take that do not tell.
    private func note(_ element: XMLElement, as function: Capabilities.Function, usual: String) {
        guard ["yes", "true", "1"].contains(element["available"]?.lowercased() ?? "yes") else { return }
        let parameters = (element["supportedParams"] ?? usual).lowercased().split(separator: ",")
        capabilities.functions[function] = Set(parameters.map { String($0).trimmed })
    }

    /// With the category's name before its own, which some indexers have put there already.
    private func subcategory(_ name: String) -> String {
        guard let category, !name.lowercased().hasPrefix(category.lowercased() + "/") else { return name }
        return "\(category)/\(name)"
    }

    private func add(_ element: XMLElement, name: String?) {
        guard let id = element["id"].flatMap({ Int($0) }), capabilities.categories.count < Self.mostCategories else {
            return
        }
        capabilities.categories.append(.init(id: id, name: String((name ?? "\(id)").prefix(100))))
    }
}
