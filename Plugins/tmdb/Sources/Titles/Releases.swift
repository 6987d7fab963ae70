import PluginAPI

/// When a movie came out where, and for whom it is suited.
struct Releases: Sendable {
    /// By country and kind, ISO 8601 dates.
    let dates: [String: [String: String]]
    /// By country.
    let certifications: [String: String]

    /// TMDB's numbers of the kinds (developer.themoviedb.org, "Release Dates").
    private static let kinds = [1: "premiere", 2: "limited", 3: "cinema", 4: "digital", 5: "physical", 6: "tv"]

    init(_ record: Record) {
        var dates: [String: [String: String]] = [:]
        var certifications: [String: String] = [:]
        for region in record.releaseDates?.results ?? [] {
            guard let country = region.iso31661?.nonEmpty else { continue }
            for release in region.releaseDates ?? [] {
                if let text = release.certification?.trimmed.nonEmpty {
                    certifications[country] = certifications[country] ?? text
                }
                guard let kind = release.type.flatMap({ Self.kinds[$0] }), let day = Self.day(release.releaseDate)
                else { continue }
                let known = dates[country]?[kind]
                dates[country, default: [:]][kind] = known.map { min($0, day) } ?? day
            }
        }
        for rating in record.contentRatings?.results ?? [] {
            guard let country = rating.iso31661?.nonEmpty, let text = rating.rating?.trimmed.nonEmpty else { continue }
            certifications[country] = certifications[country] ?? text
        }
        self.dates = dates
        self.certifications = certifications
    }

    /// The dates of a country; a showing in some cinemas counts where there is none in all.
    func dates(in country: String) -> [String: String] {
        var found = dates[country] ?? [:]
        found["cinema"] = found["cinema"] ?? found["limited"]
        return found
    }

    private static func day(_ text: String?) -> String? {
        guard let day = text?.prefix(10), day.utf8.count == 10, Int(day.prefix(4)) != nil else { return nil }
        return String(day)
    }
}
