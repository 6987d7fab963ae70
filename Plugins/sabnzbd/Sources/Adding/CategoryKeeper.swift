import PluginAPI

/// Makes categories: SABnzbd takes a job with an unknown one and gives it none.
actor CategoryKeeper {
    private let api: API
    private var known: Set<String> = []

    init(_ api: API) {
        self.api = api
    }

    /// The category exists when this returns.
    ///
    /// - Throws: `PluginError` with `.invalid` for a name that cannot be one.
    func ensure(_ category: String) async throws {
        guard !category.isEmpty, category != "*", !known.contains(category.lowercased()) else { return }
        var names = try await api.categories().map { $0.name.lowercased() }
        if !names.contains(category.lowercased()) {
            try await create(category)
            names.append(category.lowercased())
        }
        known = Set(names)
    }

    /// Whether it can be the name of a category; SABnzbd makes other names of the rest, or files outside its folders.
    static func canBeMade(_ category: String) -> Bool {
        category.count <= 50 && category.allSatisfy { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
    }

    static func refusal(of category: String) -> PluginError {
        PluginError(
            .invalid,
            "SABnzbd has no category “\(category)”. Choose one of its own, or a name of letters, digits, - and _.",
            field: "category"
        )
    }

    private func create(_ category: String) async throws {
        guard Self.canBeMade(category) else { throw Self.refusal(of: category) }
        struct Answer: Decodable {}
        _ = try await api.call(
            Answer.self,
            "set_config",
            ["section": "categories", "keyword": category, "name": category, "dir": category]
        )
    }
}

/// A category as `mode=get_config` shows it.
struct JobCategory: Sendable, Decodable {
    var name: String
    /// Below the folder for finished downloads, or absolute.
    var folder: String
    /// What post-processing does: 0 nothing to 3 everything; `nil` for what the default category says.
    var steps: Int?

    private enum CodingKeys: String, CodingKey {
        case name
        case folder = "dir"
        case steps = "pp"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.decode(String.self, forKey: .name)
        folder = fields.text(.folder) ?? ""
        steps = fields.whole(.steps)
    }
}

extension API {
    /// The categories with their folders; the default one is called `*`.
    func categories() async throws -> [JobCategory] {
        struct Answer: Decodable {
            struct Config: Decodable { var categories: [JobCategory] }
            var config: Config
        }
        return try await call(Answer.self, "get_config", ["section": "categories"]).config.categories
    }
}
