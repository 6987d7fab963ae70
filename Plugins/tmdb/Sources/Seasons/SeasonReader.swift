import PluginAPI

/// Reads the episodes of a season.
struct SeasonReader: Sendable {
    /// A season as TMDB sends it.
    struct Record: Sendable, Decodable {
        struct Episode: Sendable, Decodable {
            var episodeNumber: Int?
            var name, overview: String?
            var airDate: String?
            var runtime: Int?
            var stillPath: String?
        }

        var seasonNumber: Int?
        var name, overview: String?
        var episodes: [Episode]?
    }

    let reader: TitleReader

    /// - Throws: `.notFound` for an unknown series or season.
    func season(_ number: Int, of id: TMDBID) async throws -> MetadataSeason {
        guard (0...10_000).contains(number) else {
            throw PluginError(.notFound, "There is no season \(number).", field: "number")
        }
        let pictures = await reader.address.pictures()
        var record = try await record(number, of: id, reader.language)
        if reader.language.code != "en", hasGaps(record) {
            fill(&record, from: try await self.record(number, of: id, .english))
        }
        let episodes = (record.episodes ?? []).compactMap { episode($0, pictures) }.sorted { $0.number < $1.number }
        var season = MetadataSeason(
            number: number,
            name: record.name?.nonEmpty ?? (number == 0 ? "Specials" : "Season \(number)"),
            episodes: episodes
        )
        season.overview = record.overview?.nonEmpty
        return season
    }

    private func record(_ number: Int, of id: TMDBID, _ language: Language) async throws -> Record {
        try await reader.answers.value(Record.self, "/tv/\(id)/season/\(number)", [("language", language.tag)])
    }

    private func episode(_ record: Record.Episode, _ pictures: Pictures) -> MetadataSeason.Episode? {
        guard let number = record.episodeNumber else { return nil }
        var episode = MetadataSeason.Episode(number: number, title: record.name ?? "")
        episode.overview = record.overview?.nonEmpty
        episode.aired = record.airDate?.nonEmpty
        episode.runtime = record.runtime.flatMap { $0 > 0 ? $0 : nil }
        episode.image = pictures.url(record.stillPath, .still)
        return episode
    }

    private func hasGaps(_ record: Record) -> Bool {
        (record.episodes ?? []).contains { $0.overview?.nonEmpty == nil || isPlaceholder($0) }
    }

    /// TMDB calls an episode that has no name in a language "Episode 3" in that language.
    private func isPlaceholder(_ episode: Record.Episode) -> Bool {
        guard let name = episode.name?.nonEmpty, let number = episode.episodeNumber else { return true }
        let words = name.split(separator: " ")
        return words.count == 2 && words.contains { $0.filter(\.isNumber) == String(number) }
    }

    private func fill(_ record: inout Record, from english: Record) {
        record.overview = record.overview?.nonEmpty ?? english.overview
        let known = Dictionary((english.episodes ?? []).map { ($0.episodeNumber, $0) }) { one, _ in one }
        for index in (record.episodes ?? []).indices {
            guard var episode = record.episodes?[index], let other = known[episode.episodeNumber] else { continue }
            episode.overview = episode.overview?.nonEmpty ?? other.overview
            if isPlaceholder(episode), !isPlaceholder(other) { episode.name = other.name }
            record.episodes?[index] = episode
        }
    }
}
