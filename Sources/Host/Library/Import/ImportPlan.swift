/// What an import will do, before anything is touched.
struct ImportPlan: Sendable {
    /// A video with the names it gets.
    struct Item: Sendable {
        let video: VideoFile
        let release: ReleaseName
        let episodeIDs: [String]
        let replaces: String?
        /// Relative to the root folder and without an extension's dot, by the ending that it gets.
        let name: @Sendable (String) -> String
        let subtitles: [SubtitleMatch.Item]
        /// Whether another file of the same name gets a number behind its own.
        let mayBeNumbered: Bool
    }

    var items: [Item]
    var skipped: [String]

    init(
        _ content: DownloadContent,
        _ request: ImportRequest,
        _ naming: Naming,
        duration: @escaping @Sendable (VideoFile) -> Double?
    ) throws(ImportFailure) {
        let whole = ReleaseName(request.releaseTitle)
        switch request.media {
        case .movie(let movie, let replaces):
            let selection = VideoSelection(expectedDuration: movie.duration, duration: duration)
            let choice = try selection.movie(in: content)
            skipped = choice.skipped
            items = choice.videos.map { video in
                let release = video.release.filled(from: whole)
                return Item(
                    video: video,
                    release: release,
                    episodeIDs: [],
                    replaces: replaces,
                    name: { naming.file(of: movie, release: release, suffix: $0) },
                    subtitles: SubtitleMatch.items(for: video, in: content.subtitles, isOnlyVideo: true),
                    mayBeNumbered: true
                )
            }
        case .series(let series, let replaces, let wanted):
            let selection = VideoSelection(expectedDuration: series.duration, duration: duration)
            let choice = try selection.episodes(in: content)
            skipped = choice.skipped
            items = []
            let assignment = EpisodeAssignment(series: series, wanted: wanted, releaseTitle: whole)
            addEpisodes(choice.videos, content, assignment, replaces, naming)
            guard !items.isEmpty else {
                throw ImportFailure(
                    .notMatched,
                    "No file of the download is a known episode of \(series.title): " + skipped.joined(separator: "; "),
                    isRetryable: false
                )
            }
        }
    }

    private mutating func addEpisodes(
        _ videos: [VideoFile],
        _ content: DownloadContent,
        _ assignment: EpisodeAssignment,
        _ replaces: [String: String],
        _ naming: Naming
    ) {
        var taken: Set<String> = []
        let series = assignment.series
        for video in videos {
            let episodes = assignment.episodes(for: video, isOnlyVideo: videos.count == 1)
            guard !episodes.isEmpty else {
                skipped.append("\(video.relativePath): not a known episode; check its numbers, or refresh the series")
                continue
            }
            // Larger files come first, so a second one for the same episode is the lesser.
            guard taken.isDisjoint(with: episodes.map(\.id)) else {
                skipped.append("\(video.relativePath): the download has a larger file of the same episode")
                continue
            }
            taken.formUnion(episodes.map(\.id))
            let release = video.release.filled(from: assignment.releaseTitle)
            items.append(
                Item(
                    video: video,
                    release: release,
                    episodeIDs: episodes.map(\.id),
                    replaces: episodes.lazy.compactMap { replaces[$0.id] }.first,
                    name: { naming.file(of: episodes, in: series, release: release, suffix: $0) },
                    subtitles: SubtitleMatch.items(for: video, in: content.subtitles, isOnlyVideo: videos.count == 1),
                    mayBeNumbered: false
                )
            )
        }
    }
}
