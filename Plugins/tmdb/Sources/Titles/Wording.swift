/// The texts of a title: in the wanted language, else in English, else in the language of its makers.
///
/// TMDB answers an empty text where there is none in the language of the question, and the original title in the place
/// of a missing one. The translations that come with a title fill these gaps without another request.
struct Wording: Sendable {
    let record: Record
    let language: Language

    var title: String {
        let shown = record.shownTitle
        guard isGap(shown) else { return shown }
        return text(language.code) { $0.title ?? $0.name } ?? englishTitle ?? shown
    }

    var overview: String? {
        record.overview?.nonEmpty ?? text(language.code, \.overview) ?? text("en", \.overview)
            ?? record.originalLanguage.flatMap { text($0, \.overview) }
    }

    var tagline: String? { record.tagline?.nonEmpty ?? text("en", \.tagline) }

    /// Every other title that is known, for matching releases.
    var otherTitles: [String] {
        let listed = (record.alternativeTitles?.titles ?? record.alternativeTitles?.results ?? []).compactMap(\.title)
        let translated = (record.translations?.translations ?? []).compactMap { $0.data?.title ?? $0.data?.name }
        var seen: Set<String> = [title]
        let all = [record.original, englishTitle].compactMap { $0 } + listed + translated
        return Array(all.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(Self.mostTitles))
    }

    private static let mostTitles = 100

    private var englishTitle: String? {
        record.originalLanguage == "en" ? record.original : text("en") { $0.title ?? $0.name }
    }

    /// Whether the shown title is the original one for want of another.
    private func isGap(_ shown: String) -> Bool {
        record.originalLanguage != language.code && shown == record.original
    }

    /// A text of the translations, from the wanted country if there are several.
    private func text(_ code: String, _ part: (Record.Translations.Translation.Texts) -> String?) -> String? {
        let fitting = (record.translations?.translations ?? []).filter { $0.iso6391 == code }
        for translation in fitting.filter({ $0.iso31661 == language.country }) + fitting {
            if let text = translation.data.flatMap(part)?.nonEmpty { return text }
        }
        return nil
    }
}
