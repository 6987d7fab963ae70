import Cryptography
import FoundationEssentials
import PluginAPI

/// What notifiers are told of the queue and the library; docs/http-api.md lists the details of each kind.
extension NotificationEvent {
    /// An event that happens now.
    static func make(
        _ kind: Kind,
        _ title: String,
        _ message: String = "",
        at now: Date,
        _ details: [String: JSONValue?] = [:]
    ) -> NotificationEvent {
        var event = NotificationEvent(
            id: "ev_" + RandomBytes.uuid(),
            kind: kind,
            time: now.iso8601,
            title: title,
            message: message
        )
        event.details = details.compactMapValues(\.self)
        return event
    }

    /// Sent on request.
    static func test(at now: Date) -> NotificationEvent {
        make(
            .test,
            "Kinodock can reach you",
            "This is a test. It was sent because somebody has asked for it.",
            at: now,
            ["title": "Test"]
        )
    }

    /// A release was handed to a download client.
    static func grabbed(_ item: QueueItem, for title: Title?, at now: Date) -> NotificationEvent {
        make(
            .grabbed,
            "Grabbed: \(name(of: item, title))",
            "\(item.clientName) downloads \(item.title).",
            at: now,
            details(of: item, title)
        )
    }

    /// What the state machine of a download asks to tell.
    static func events(
        for actions: [TrackedDownload.Action],
        of item: QueueItem,
        for title: Title?,
        at now: Date
    ) -> [NotificationEvent] {
        actions.flatMap { action -> [NotificationEvent] in
            switch action {
            case .notifyCompleted: [downloaded(item, for: title, at: now)]
            case .notifyFailed: failed(item, for: title, at: now)
            case .requestImport, .startImport, .cancelImport, .scheduleRetry, .retryDownload: []
            }
        }
    }

    private static func downloaded(_ item: QueueItem, for title: Title?, at now: Date) -> NotificationEvent {
        make(
            .downloaded,
            "Downloaded: \(name(of: item, title))",
            "\(item.clientName) has all of \(item.title).",
            at: now,
            details(of: item, title)
        )
    }

    private static func failed(_ item: QueueItem, for title: Title?, at now: Date) -> [NotificationEvent] {
        let failure = item.tracked.failure
        var details = details(of: item, title)
        details["reason"] = failure.map { .string($0.message) }
        details["code"] = failure?.code.map { .string($0.rawValue) }
        let name = name(of: item, title)
        guard failure?.stage == .import else {
            return [make(.downloadFailed, "Download failed: \(name)", failure?.message ?? "", at: now, details)]
        }
        let words = failure?.message ?? ""
        let failed = make(.importFailed, "Import failed: \(name)", words, at: now, details)
        guard failure?.code?.needsDecision == true else { return [failed] }
        return [failed, make(.manualActionNeeded, "Your decision is needed: \(name)", words, at: now, details)]
    }

    /// Files came into the library, for the first time or in place of others.
    static func imported(_ imported: ImportedDownload, _ item: QueueItem, at now: Date) -> NotificationEvent {
        var details = details(of: item, imported.title)
        details["queue_id"] = .string(item.id)
        details.merge(self.details(of: imported.files)) { _, new in new }
        if !imported.replaced.isEmpty { details["replaced"] = .array(imported.replaced.map(JSONValue.string)) }
        let isUpgrade = !imported.replaced.isEmpty
        let qualities = Set(imported.files.map(\.quality)).sorted().joined(separator: ", ")
        let count = imported.files.count == 1 ? "" : ", \(imported.files.count) files"
        return make(
            isUpgrade ? .upgraded : .imported,
            "\(isUpgrade ? "Upgraded" : "Imported"): \(name(of: item, imported.title, imported.files))",
            "\(item.title) is in the library: \(qualities)\(count).",
            at: now,
            details
        )
    }

    /// A title was removed from the library together with its files.
    static func deleted(_ title: Title, _ files: [LibraryFile], at now: Date) -> NotificationEvent {
        var details = details(of: title)
        details.merge(self.details(of: files)) { _, new in new }
        let words =
            files.isEmpty ? "It had no files." : files.count == 1 ? "1 file is gone." : "\(files.count) files are gone."
        return make(.deleted, "Deleted: \(name(of: title))", words, at: now, details)
    }

    // MARK: Details

    private static func details(of item: QueueItem, _ title: Title?) -> [String: JSONValue?] {
        var details = title.map(details(of:)) ?? [:]
        let release = ReleaseName(item.title)
        if title == nil {
            details["title"] = .string(release.title.isEmpty ? item.title : release.title)
            details["year"] = release.year.map { .integer(Int64($0)) }
            details["type"] = .string((release.isSeries ? Title.Kind.series : .movie).rawValue)
        }
        details["release"] = .string(item.title)
        details["quality"] = item.quality.isEmpty ? nil : .string(item.quality)
        details["size"] = item.size > 0 ? .integer(item.size) : nil
        details["protocol"] = .string(item.downloadProtocol.rawValue)
        details["client"] = .string(item.clientName)
        details["client_id"] = .string(item.clientID)
        details["download_id"] = item.downloadID.map(JSONValue.string)
        details["info_hash"] = item.infoHash.map(JSONValue.string)
        details["indexer"] = item.indexer.map(JSONValue.string)
        details["category"] = item.category.map(JSONValue.string)
        details["queue_id"] = .string(item.id)
        return details
    }

    private static func details(of title: Title) -> [String: JSONValue?] {
        [
            "title": .string(title.title), "year": title.year.map { .integer(Int64($0)) },
            "type": .string(title.kind.rawValue), "title_id": .string(title.id),
            "tmdb_id": title.tmdbID.map { .integer(Int64($0)) }, "poster_url": title.posterURL.map(JSONValue.string),
        ]
    }

    private static func details(of files: [LibraryFile]) -> [String: JSONValue?] {
        guard let first = files.first else { return [:] }
        return [
            "path": .string(first.path), "paths": .array(files.map { .string($0.path) }),
            "size": .integer(files.reduce(0) { $0 + $1.size }), "quality": .string(first.quality),
            "files": .array(files.map(details(of:))),
        ]
    }

    private static func details(of file: LibraryFile) -> JSONValue {
        var details: [String: JSONValue] = [
            "path": .string(file.path), "size": .integer(file.size), "quality": .string(file.quality),
        ]
        details["season"] = file.season.map { .integer(Int64($0)) }
        details["episode"] = file.episode.map { .integer(Int64($0)) }
        if !file.subtitles.isEmpty { details["subtitles"] = .array(file.subtitles.map(JSONValue.string)) }
        return .object(details)
    }

    // MARK: Names

    private static func name(of item: QueueItem, _ title: Title?, _ files: [LibraryFile] = []) -> String {
        guard let title else { return item.title }
        let episodes = files.compactMap { file in
            EpisodeKey(file).map { "S\(twoDigits($0.season))E\(twoDigits($0.number))" }
        }
        guard title.kind == .series, let first = episodes.min(), let last = episodes.max() else {
            return name(of: title)
        }
        return "\(title.title) \(first == last ? first : "\(first) to \(last)")"
    }

    private static func name(of title: Title) -> String {
        title.year.map { "\(title.title) (\($0))" } ?? title.title
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension ImportFailure.Code {
    /// Whether no other attempt helps and a person has to say what becomes of the download.
    fileprivate var needsDecision: Bool {
        switch self {
        case .pathRefused, .noVideo, .dangerousFile, .sampleOnly, .severalParts, .tooManyFiles, .notMatched,
            .targetExists,
            .badName:
            true
        case .notComplete, .pathNotVisible, .rootFolderMissing, .rootFolderNotWritable, .permissionDenied,
            .notEnoughSpace, .stillPacked, .sourceMissing, .sourceChanged, .cancelled, .inputOutput:
            false
        }
    }
}
