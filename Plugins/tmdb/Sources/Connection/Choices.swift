import PluginAPI

/// What TMDB offers for the settings that are chosen from a list.
struct Choices: Sendable {
    struct Country: Sendable, Decodable {
        var iso31661: String?
        var englishName: String?

        var code: String { iso31661 ?? "" }
    }

    private struct LanguageName: Decodable {
        var iso6391: String?
        var englishName: String?
    }

    let service: Service

    /// Languages in which TMDB has texts, like "de-DE".
    func languages() async throws -> [String] {
        try service.read([String].self, from: try await service.get("/configuration/primary_translations").body)
    }

    func countries() async throws -> [Country] {
        try service.read([Country].self, from: try await service.get("/configuration/countries").body)
            .filter { !$0.code.isEmpty }
    }

    /// - Throws: `.unsupported` for a source that the form does not name.
    func options(for source: String) async throws -> [SettingsField.Option] {
        switch source {
        case "languages": return try await languageOptions()
        case "regions":
            return try await countries().sorted { $0.code < $1.code }.map { country in
                .init(country.code, label: country.englishName.map { "\($0) (\(country.code))" })
            }
        default: throw PluginError(.unsupported, "There are no options for \(source).")
        }
    }

    private func languageOptions() async throws -> [SettingsField.Option] {
        let body = try await service.get("/configuration/languages").body
        let names = Dictionary(
            try service.read([LanguageName].self, from: body).map { ($0.iso6391 ?? "", $0.englishName ?? "") },
            uniquingKeysWith: { one, _ in one }
        )
        return try await languages().sorted().map { tag in
            let name = names[String(tag.prefix { $0 != "-" })]?.nonEmpty
            return .init(tag, label: name.map { "\($0) (\(tag))" })
        }
    }
}
