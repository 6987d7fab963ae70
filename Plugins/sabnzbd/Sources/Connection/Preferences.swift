import PluginAPI

/// Settings of SABnzbd that matter to whoever lets it download.
struct Preferences: Sendable, Decodable {
    /// The folder for finished downloads.
    var complete: String
    /// How long the history is kept: `0` for ever, `-1` not at all, a number of entries, or of days with a `d`.
    var retention: String
    /// The same since 4.4: `all`, `number-archive`, `number-delete`, `days-…`, `all-delete` and so on.
    var retentionOption: String
    /// What becomes of duplicates: 0 nothing, 1 discarded, 2 paused, 3 failed, 4 tagged.
    var duplicates: Int
    /// Whether films or series are renamed into folders that they share.
    var sorts: Bool
    /// Whether a job that failed may be given out as finished.
    var isSafe: Bool

    private enum CodingKeys: String, CodingKey {
        case complete = "complete_dir"
        case retention = "history_retention"
        case retentionOption = "history_retention_option"
        case duplicates = "no_dupes"
        case tvSorting = "enable_tv_sorting"
        case movieSorting = "enable_movie_sorting"
        case isSafe = "safe_postproc"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        complete = fields.text(.complete) ?? ""
        retention = fields.text(.retention) ?? ""
        retentionOption = fields.text(.retentionOption) ?? ""
        duplicates = fields.whole(.duplicates) ?? 0
        sorts = Self.isOn(fields, .tvSorting) || Self.isOn(fields, .movieSorting)
        isSafe = fields.whole(.isSafe) != 0
    }

    private static func isOn(_ fields: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) -> Bool {
        fields.flag(key) ?? (fields.whole(key) == 1)
    }
}

/// The folders of categories, as SABnzbd sees them.
struct FolderNames: Sendable {
    let base: String

    /// Where a category's finished downloads go.
    func path(of category: String, _ all: [JobCategory]) -> String {
        let named = all.first { $0.name.lowercased() == category.lowercased() }
        let folder = named?.folder ?? all.first { $0.name == "*" }?.folder ?? ""
        // A star at the end lets a download have no folder of its own.
        let plain = folder.hasSuffix("*") ? String(folder.dropLast()) : folder
        if plain.hasPrefix("/") || base.isEmpty { return plain }
        return plain.isEmpty ? base : "\(base.hasSuffix("/") ? String(base.dropLast()) : base)/\(plain)"
    }
}
