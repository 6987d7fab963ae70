import struct FoundationEssentials.TimeInterval

/// Chooses the videos of a finished download that belong in the library.
struct VideoSelection: Sendable {
    /// A video that is far shorter than the work is a sample or an extra.
    static let shortestShare = 0.4
    /// In bytes.
    ///
    /// A smaller video beside a much larger one is a sample.
    static let sampleSize: Int64 = 50 << 20

    /// What was chosen, and what was passed over and why.
    struct Choice: Hashable, Sendable {
        var videos: [VideoFile] = []
        /// Relative paths with a reason in words.
        var skipped: [String] = []
    }

    /// How long the work is, in seconds; `nil` when the catalogue does not tell.
    var expectedDuration: TimeInterval?
    /// How long a video is, in seconds; `nil` when nobody has measured it.
    var duration: @Sendable (VideoFile) -> TimeInterval? = { _ in nil }

    /// Refuses content that is dangerous or not usable as it is.
    func check(_ content: DownloadContent) throws(ImportFailure) {
        if let file = content.dangerousFiles.first {
            throw ImportFailure(
                .dangerousFile,
                "The download holds \(file), a kind of file that can start a program. Nothing was imported. "
                    + "Remove the download and choose another release.",
                isRetryable: false
            )
        }
        if content.videos.allSatisfy(Self.hasExtraWord), let failure = Self.hiddenVideo(in: content) { throw failure }
        guard !content.videos.isEmpty else {
            throw ImportFailure(
                .noVideo,
                "The download has no video file. Remove it and choose another release.",
                isRetryable: false
            )
        }
        guard !content.videos.allSatisfy(Self.isSample) else {
            throw ImportFailure(
                .sampleOnly,
                "The only video of the download is a sample, \(content.videos[0].relativePath). Remove the download and "
                    + "choose another release.",
                isRetryable: false
            )
        }
    }

    /// Why the video of content that shows none may still come to light.
    private static func hiddenVideo(in content: DownloadContent) -> ImportFailure? {
        if let archive = content.archives.first {
            return ImportFailure(
                .stillPacked,
                "The video is still packed in \(archive). Let the download client unpack it, then retry.",
                isRetryable: true
            )
        }
        if let file = content.partialFiles.first {
            return ImportFailure(
                .notComplete,
                "\(file) is not complete though the client says so. Check the download in its client, then retry.",
                isRetryable: true
            )
        }
        return content.unreadableNames.first.map { name in
            ImportFailure(
                .pathNotVisible,
                "The name of \(name) is not in UTF-8, so the file cannot be opened. Rename it in the client, then retry.",
                isRetryable: true
            )
        }
    }

    /// The one video of a movie: the largest that is long enough.
    func movie(in content: DownloadContent) throws(ImportFailure) -> Choice {
        try check(content)
        let rest = content.videos.filter { isLongEnough($0) }
        guard let main = rest.first else {
            throw ImportFailure(
                .sampleOnly,
                "\(content.videos[0].relativePath) is much shorter than the movie, so it is a sample or another work.",
                isRetryable: false
            )
        }
        let parts = Self.parts(of: main, in: rest)
        guard parts.count < 2 else {
            throw ImportFailure(
                .severalParts,
                "The movie is cut into \(parts.count) files (\(parts.joined(separator: ", "))), which Kinodock does not "
                    + "join. Choose a release in one file, or join them and add the result.",
                isRetryable: false
            )
        }
        let skipped = content.videos.filter { $0 != main }.map { "\($0.relativePath): not the main video" }
        return Choice(videos: [main], skipped: skipped)
    }

    /// The videos of a series without samples and extras.
    func episodes(in content: DownloadContent) throws(ImportFailure) -> Choice {
        try check(content)
        var choice = Choice()
        let largest = content.videos[0]
        for video in content.videos {
            if isLongEnough(video), video == largest || !isExtra(video, beside: largest) {
                choice.videos.append(video)
            } else {
                choice.skipped.append("\(video.relativePath): a sample or an extra")
            }
        }
        guard !choice.videos.isEmpty else {
            throw ImportFailure(
                .sampleOnly,
                "All videos of the download are much shorter than an episode, so they are samples.",
                isRetryable: false
            )
        }
        return choice
    }

    private func isLongEnough(_ video: VideoFile) -> Bool {
        guard let expectedDuration, expectedDuration > 0, let length = duration(video), length > 0 else { return true }
        return length >= expectedDuration * Self.shortestShare
    }

    /// Titles have such words too, so a word alone condemns only what is small for its neighbours.
    private func isExtra(_ video: VideoFile, beside largest: VideoFile) -> Bool {
        let share = Double(video.size) / Double(max(1, largest.size))
        if Self.hasExtraWord(video), share < 0.5 { return true }
        return video.size < Self.sampleSize && share < 0.1
    }

    /// Whether the file's name or its folder calls a small video a sample.
    private static func isSample(_ video: VideoFile) -> Bool {
        guard video.size < sampleSize else { return false }
        let path = FilePath.components(video.relativePath).map(ReleaseToken.split)
        if path.dropLast().contains(where: { $0.count == 1 && ["sample", "samples"].contains($0[0].lower) }) {
            return true
        }
        let name = path.last?.dropLast() ?? []  // Without its extension.
        return name.first?.lower == "sample" || name.last?.lower == "sample"
    }

    /// The files that a work in several files consists of, by their names, of which `main` is one.
    private static func parts(of main: VideoFile, in videos: [VideoFile]) -> [String] {
        guard let name = nameWithoutPart(main) else { return [] }
        return videos.filter { nameWithoutPart($0) == name && $0.size >= main.size / 4 }.map(\.relativePath).sorted()
    }

    /// The words of a name that has "CD1", "disc 2" or "part3" in it, without these.
    private static func nameWithoutPart(_ video: VideoFile) -> [String]? {
        let marks = ["cd", "dvd", "disc", "disk", "part", "pt"]
        var words = ReleaseToken.split(FilePath.stem(of: video.relativePath)[...]).map(\.lower)
        for (index, word) in words.enumerated() {
            for mark in marks where word.hasPrefix(mark) {
                let isAlone = word == mark && index + 1 < words.count
                let number = isAlone ? words[index + 1][...] : word.dropFirst(mark.count)
                guard (1...2).contains(number.utf8.count), Int(number) != nil else { continue }
                words.removeSubrange(index...(isAlone ? index + 1 : index))
                return words
            }
        }
        return nil
    }

    private static let words: Set<String> = [
        "sample", "trailer", "teaser", "promo", "featurette", "featurettes", "extra", "extras", "bonus",
    ]
    private static let phrases = [["behind", "the", "scenes"], ["deleted", "scenes"], ["deleted", "scene"]]

    /// Whether the file's name or a folder inside the download has a word for samples and extras.
    static func hasExtraWord(_ video: VideoFile) -> Bool {
        FilePath.components(video.relativePath).contains { component in
            let found = ReleaseToken.split(component).map(\.lower)
            if found.contains(where: words.contains) { return true }
            return phrases.contains { phrase in
                found.indices.contains { found[$0...].starts(with: phrase) }
            }
        }
    }
}
