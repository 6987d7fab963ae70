import PluginAPI

import struct FoundationEssentials.Date

/// What the queue's API shows of a tracked download.
struct QueueStatus: Hashable, Sendable {
    /// The `status` of an item.
    enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        case downloading, queued, completed, failed, warning, paused
    }

    /// The `trackedDownloadStatus` of an item.
    enum Health: String, Hashable, Sendable, Codable {
        case ok, warning, error
    }

    /// One entry of `statusMessages`.
    struct Message: Hashable, Sendable, Codable {
        let title: String
        let messages: [String]
    }

    let status: Status
    let health: Health
    let messages: [Message]
    /// The `errorMessage`: set only while something has failed.
    let errorMessage: String?
}

extension TrackedDownload {
    /// What the API shows now.
    ///
    /// - Parameter title: the release's name, as the heading of the messages.
    func queueStatus(title: String, at now: Date, limits: TrackingLimits = .init()) -> QueueStatus {
        let (status, words) = statusAndWords(at: now, limits)
        let health: QueueStatus.Health = state == .failed ? .error : status == .warning ? .warning : .ok
        return QueueStatus(
            status: status,
            health: health,
            messages: words.isEmpty ? [] : [.init(title: title, messages: words)],
            errorMessage: state == .failed || state == .failedPending ? failure?.message : nil
        )
    }

    private func statusAndWords(at now: Date, _ limits: TrackingLimits) -> (QueueStatus.Status, [String]) {
        switch state {
        case .importPending: (.completed, ["Waits for its import: one download is imported at a time."])
        case .importing, .imported: (.completed, [])
        case .failed: (.failed, failure.map { [$0.message] } ?? [])
        case .failedPending: (.warning, failureWords)
        case .ignored: (isComplete ? .completed : .queued, [])
        case .downloading: whileDownloading(at: now, limits)
        }
    }

    private var failureWords: [String] {
        var words = failure.map { [$0.message] } ?? []
        if let nextAttempt {
            words.append("Attempt \(attempts) failed; the next one is at \(nextAttempt.ISO8601Format()).")
        }
        return words
    }

    private func whileDownloading(at now: Date, _ limits: TrackingLimits) -> (QueueStatus.Status, [String]) {
        if let since = missingSince, now.timeIntervalSince(since) >= grace(limits) {
            let words =
                "The client no longer lists this download. If it was removed there, add it again or remove it here."
            return (.warning, [words])
        }
        return switch report?.state.value {
        case .queued: (.queued, clientWords)
        case .checking: (.queued, ["The client checks the files."])
        case .paused: (.paused, clientWords)
        case .postProcessing: (.downloading, [stageWords] + clientWords)
        case .stalled:
            (
                .warning,
                ["The download is stalled: no source sends data. Wait, or choose another release."] + clientWords
            )
        case .missingFiles:
            (
                .warning,
                ["The client misses files of this download. Check its disk, or download it again."] + clientWords
            )
        case .failed: (.warning, ["The client has given up; Kinodock has asked it to try again."] + clientWords)
        case .fetchingMetadata: whileFetchingMetadata(at: now, limits)
        case .downloading, .seeding, .completed: (.downloading, clientWords)
        case nil: (report == nil ? .queued : .downloading, clientWords)
        }
    }

    private func whileFetchingMetadata(at now: Date, _ limits: TrackingLimits) -> (QueueStatus.Status, [String]) {
        guard let since = troubledSince, now.timeIntervalSince(since) >= limits.metadataGrace else {
            return (.downloading, clientWords)
        }
        return (
            .warning,
            ["Nobody has sent the list of files for this magnet. Wait, or choose another release."] + clientWords
        )
    }

    private func grace(_ limits: TrackingLimits) -> Double {
        if report == nil || report?.state.value == .fetchingMetadata, downloadProtocol == .torrent {
            return limits.metadataGrace
        }
        return downloadProtocol == .torrent ? limits.torrentGrace : limits.usenetGrace
    }

    /// What the client does with what it has downloaded.
    private var stageWords: String {
        switch report?.stage?.value {
        case .verifying: "The client verifies the files."
        case .repairing: "The client repairs the files."
        case .extracting: "The client unpacks the files."
        case .merging: "The client merges picture and sound."
        case .converting: "The client converts the files."
        case .moving: "The client moves the files to their place."
        case .script: "The client runs a script of its own."
        case nil: "The client repairs, unpacks or moves the files."
        }
    }

    private var clientWords: [String] {
        report?.message.map { [$0] } ?? []
    }
}
