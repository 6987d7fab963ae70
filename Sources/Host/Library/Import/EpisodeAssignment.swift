/// Finds out which episodes of a series a video holds.
struct EpisodeAssignment: Sendable {
    let series: SeriesFacts
    /// The episodes that the download was started for.
    let wanted: [String]
    let releaseTitle: ReleaseName

    /// The episodes, of one season and ascending; empty when the names do not tell.
    ///
    /// The file's own name counts first, then its folder's, then, for the only video, the download's.
    func episodes(for video: VideoFile, isOnlyVideo: Bool) -> [EpisodeFacts] {
        if let own = video.release.episodes, let found = match(own) { return found }
        let folder = FilePath.name(of: FilePath.parent(of: video.relativePath))
        if !folder.isEmpty, let numbers = ReleaseName(folder).episodes, case .episodes = numbers,
            let found = match(numbers)
        {
            return found
        }
        guard isOnlyVideo, video.release.episodes == nil else { return [] }
        if let numbers = releaseTitle.episodes, let found = match(numbers) { return found }
        return wanted.count == 1 ? series.episodes.filter { $0.id == wanted[0] } : []
    }

    private func match(_ numbers: EpisodeNumbers) -> [EpisodeFacts]? {
        let found: [EpisodeFacts]
        switch numbers {
        case .episodes(let season, let list):
            found = series.episodes.filter { $0.season == season && list.contains($0.number) }
        case .airDate(let year, let month, let day):
            let date = EpisodeFacts.airDate(year: year, month: month, day: day)
            found = series.episodes.filter { $0.airDate == date }
        case .absolute(let list): found = byAbsoluteNumber(list)
        case .seasons, .completeSeries: return nil
        }
        let season = found.first?.season
        let sorted = found.filter { $0.season == season }.sorted { $0.number < $1.number }
        return sorted.isEmpty ? nil : sorted
    }

    /// Without absolute numbers in the catalogue, a series of one season is counted the same way.
    private func byAbsoluteNumber(_ list: [Int]) -> [EpisodeFacts] {
        let found = series.episodes.filter { $0.absolute.map(list.contains) ?? false }
        guard found.isEmpty, series.episodes.allSatisfy({ $0.absolute == nil }) else { return found }
        let regular = series.episodes.filter { $0.season > 0 }
        guard Set(regular.map(\.season)).count == 1 else { return [] }
        return regular.filter { list.contains($0.number) }
    }
}
