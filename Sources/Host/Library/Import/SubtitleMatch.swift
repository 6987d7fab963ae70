/// Which subtitles go with a video, and what follows the video's name in theirs.
enum SubtitleMatch {
    /// A subtitle and its ending, for example ".en.forced.srt".
    struct Item: Hashable, Sendable {
        let file: SubtitleFile
        let suffix: String
    }

    private static let folders: Set<String> = ["subs", "sub", "subtitles", "subtitle"]

    /// The subtitles of one video: those with its name in front, those in a folder of that name inside a subtitle
    /// folder, and, when it is the only video, all in the subtitle folder or next to it.
    static func items(for video: VideoFile, in content: [SubtitleFile], isOnlyVideo: Bool) -> [Item] {
        var used: [String: Int] = [:]
        return content.filter { belongs($0, to: video, isOnlyVideo: isOnlyVideo) }.map { file in
            let marks = marks(of: file, video)
            let base = marks.map { "." + $0 }.joined()
            // Both halves of a VobSub pair count apart, so they keep the same name.
            let count = (used[base + file.fileExtension] ?? 0) + 1
            used[base + file.fileExtension] = count
            return Item(file: file, suffix: base + (count > 1 ? ".\(count)" : "") + "." + file.fileExtension)
        }
    }

    private static func belongs(_ file: SubtitleFile, to video: VideoFile, isOnlyVideo: Bool) -> Bool {
        let stem = FilePath.stem(of: video.relativePath).lowercased()
        let name = FilePath.stem(of: file.relativePath).lowercased()
        let folder = FilePath.components(file.relativePath).dropLast().map { $0.lowercased() }
        let videoFolder = FilePath.components(video.relativePath).dropLast().map { $0.lowercased() }
        if name == stem || name.hasPrefix(stem + ".") || name.hasPrefix(stem + "-") || name.hasPrefix(stem + "_") {
            return true
        }
        if folder.last == stem, folder.dropLast().last.map(folders.contains) == true { return true }
        guard isOnlyVideo else { return false }
        return folder == videoFolder
            || folder.dropLast() == videoFolder[...] && folder.last.map(folders.contains) == true
    }

    /// The language and the kind, as media players read them from a name.
    private static func marks(of file: SubtitleFile, _ video: VideoFile) -> [String] {
        let stem = FilePath.stem(of: video.relativePath)
        var name = FilePath.stem(of: file.relativePath)[...]
        if name.lowercased().hasPrefix(stem.lowercased()) { name = name.dropFirst(stem.count) }
        let tokens = ReleaseToken.split(name).map(\.lower)
        var marks: [String] = []
        if let code = tokens.lazy.compactMap(language).first { marks.append(code) }
        if tokens.contains("forced") { marks.append("forced") }
        if tokens.contains(where: ["sdh", "cc"].contains) { marks.append("sdh") }
        return marks
    }

    private static func language(_ word: String) -> String? {
        if case .language(let code)? = ReleaseTag.meanings[word]?.tag { return code }
        let codes: Set<String> = [
            "en", "de", "fr", "it", "es", "pt", "pl", "ru", "uk", "nl", "ja", "ko", "zh", "hi", "ta", "te", "sv", "no",
            "da",
            "fi", "tr", "cs", "hu", "el", "he", "ar", "th", "vi", "ro", "bg", "hr", "sr", "sk", "sl", "et", "lv", "lt",
            "id",
            "ms", "fa", "ca", "is",
        ]
        return codes.contains(word) ? word : nil
    }
}
