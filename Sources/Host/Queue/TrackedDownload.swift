import PluginAPI

import struct FoundationEssentials.Date
import struct FoundationEssentials.TimeInterval

/// The state machine of one download, from its client into the library.
///
/// It does no I/O and reads no clock.
///
/// Each event answers with the actions that the caller performs. Clients may report anything in any order; the only way
/// to an import is a report that proves completeness, never the existence of a path.
struct TrackedDownload: Hashable, Sendable, Codable {
    /// The states of the queue's API, with their names there.
    enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case downloading, importPending, importing, imported, failedPending, failed, ignored
    }

    /// What the caller has to do.
    enum Action: Hashable, Sendable {
        /// Put the download in line for an import.
        case requestImport
        /// Begin the import now.
        case startImport
        /// Stop the import that runs.
        case cancelImport
        /// Tell the world that the download is complete.
        case notifyCompleted
        /// Tell the world that the download has failed for good.
        case notifyFailed
        /// Call `tick` at this time or later.
        case scheduleRetry(at: Date)
        /// Ask the client to try again, or add the download to it again.
        case retryDownload
    }

    /// The part of the way that went wrong.
    enum Stage: String, Hashable, Sendable, Codable {
        case download, `import`
    }

    struct Failure: Hashable, Sendable, Codable {
        let stage: Stage
        /// In words that tell the user what to do.
        let message: String
        let code: ImportFailure.Code?
    }

    /// It may show itself late, when a client has looked at what an address leads to.
    var downloadProtocol: Open<DownloadProtocol>
    private(set) var state = State.downloading
    /// The last report; `nil` before the first.
    private(set) var report: DownloadReport?
    /// Since when the client does not list the download; `nil` while it does.
    private(set) var missingSince: Date?
    /// Since when the client looks for metadata or misses the files, without a pause.
    private(set) var troubledSince: Date?
    private(set) var failure: Failure?
    /// Attempts of this round that failed.
    private(set) var attempts = 0
    private(set) var userRetries = 0
    /// When the next automatic try is due; only in `failedPending`.
    private(set) var nextAttempt: Date?
    /// When the download became complete or failed for good.
    private(set) var ended: Date?
    /// Whether a user's retry has been accepted and nothing has come of it yet.
    private(set) var isRetrying = false

    init(_ downloadProtocol: DownloadProtocol) {
        self.downloadProtocol = .known(downloadProtocol)
    }

    /// Whether the last report proves that everything is there.
    var isComplete: Bool { report?.provesCompleteness ?? false }
}

extension TrackedDownload {
    /// The client reports the download.
    mutating func handle(_ report: DownloadReport, at now: Date, limits: TrackingLimits = .init()) -> [Action] {
        let hadTrouble = isTroubled
        self.report = report
        missingSince = nil
        if !isTroubled { troubledSince = nil } else if !hadTrouble || troubledSince == nil { troubledSince = now }
        switch state {
        case .imported, .ignored, .failed, .importing: return []
        case .downloading, .importPending, .failedPending: return follow(report, at: now, limits)
        }
    }

    /// The client answers and does not list the download.
    mutating func handleMissing(at now: Date, limits: TrackingLimits = .init()) -> [Action] {
        if missingSince == nil { missingSince = now }
        return tick(at: now, limits: limits)
    }

    /// Time has passed.
    mutating func tick(at now: Date, limits: TrackingLimits = .init()) -> [Action] {
        switch state {
        case .downloading: return giveUpIfLost(at: now, limits)
        case .failedPending: return retryIfDue(at: now)
        case .importPending, .importing, .imported, .failed, .ignored: return []
        }
    }

    /// An import slot is free.
    ///
    /// - Returns: `startImport`, or nothing when the download may not be imported now.
    mutating func importStarted() -> [Action] {
        guard state == .importPending, isComplete else { return [] }
        state = .importing
        return [.startImport]
    }

    /// The import has put the files into the library.
    mutating func importFinished() -> [Action] {
        guard state == .importing else { return [] }
        state = .imported
        clearFailure()
        return []
    }

    /// The download is complete and stays where it is, for nobody wants it in the library.
    mutating func stayed() {
        guard state == .importPending else { return }
        state = .imported
        clearFailure()
    }

    /// The import has failed and has left nothing in the library.
    mutating func importFailed(_ cause: ImportFailure, at now: Date, limits: TrackingLimits = .init()) -> [Action] {
        guard state == .importing else { return [] }
        let failure = Failure(stage: .import, message: cause.message, code: cause.code)
        return fail(failure, isRetryable: cause.isRetryable, at: now, limits)
    }

    /// The import was stopped with the server and has left nothing in the library; it begins anew with the next start.
    mutating func importCancelled() {
        guard state == .importing else { return }
        state = .importPending
    }

    /// The client refused to take the download again.
    mutating func submissionFailed(
        _ message: String,
        isRetryable: Bool,
        at now: Date,
        limits: TrackingLimits = .init()
    ) -> [Action] {
        guard state == .downloading else { return [] }
        return fail(Failure(stage: .download, message: message, code: nil), isRetryable: isRetryable, at: now, limits)
    }

    /// The process has started again: an import that ran is no longer running.
    ///
    /// - Returns: what has to be put in line again.
    mutating func restarted() -> [Action] {
        switch state {
        case .importing, .importPending:
            state = isComplete ? .importPending : .downloading
            return isComplete ? [.requestImport] : []
        case .failedPending: return nextAttempt.map { [.scheduleRetry(at: $0)] } ?? []
        case .downloading, .imported, .failed, .ignored: return []
        }
    }

    /// The user lets the download live in its client and wants no more of it here, or removes it.
    mutating func ignore() -> [Action] {
        let wasImporting = state == .importing
        state = .ignored
        clearFailure()
        return wasImporting ? [.cancelImport] : []
    }

    private mutating func clearFailure() {
        failure = nil
        nextAttempt = nil
        isRetrying = false
        attempts = 0
    }
}

extension TrackedDownload {
    /// Why a retry by the user is refused, with the API's code.
    enum RetryRefusal: String, Error, Hashable, Sendable {
        case notFailed = "ITEM_NOT_FAILED"
        case inProgress = "RETRY_IN_PROGRESS"
        case exhausted = "RETRY_EXHAUSTED"

        var message: String {
            switch self {
            case .notFailed: "The download has not failed, so there is nothing to retry."
            case .inProgress: "A retry of this download is under way already."
            case .exhausted: "This download has been retried too often. Remove it and choose another release."
            }
        }
    }

    /// The user wants another try of a failed download.
    mutating func retry(limits: TrackingLimits = .init()) throws(RetryRefusal) -> [Action] {
        guard state == .failed || state == .failedPending else { throw isRetrying ? .inProgress : .notFailed }
        guard userRetries < limits.mostUserRetries else { throw .exhausted }
        userRetries += 1
        // What was found complete after all, and is there, needs no second download.
        let stage = isComplete && missingSince == nil ? .import : failure?.stage
        clearFailure()
        ended = nil
        missingSince = nil
        troubledSince = nil
        isRetrying = true
        return tryAgain(stage)
    }
}

extension TrackedDownload {
    /// A client in one of these states makes no progress by itself for long.
    private var isTroubled: Bool {
        report?.state.value == .fetchingMetadata || report?.state.value == .missingFiles
    }

    private mutating func follow(_ report: DownloadReport, at now: Date, _ limits: TrackingLimits) -> [Action] {
        if report.state.value == .failed { return clientFailed(report, at: now, limits) }
        guard report.provesCompleteness else { return backToDownloading(at: now, limits) }
        switch state {
        case .downloading: return becomeComplete(at: now)
        case .failedPending where failure?.stage == .download: return becomeComplete(at: now)
        default: return []
        }
    }

    private mutating func becomeComplete(at now: Date) -> [Action] {
        let isFirst = ended == nil
        let importAttempts = isFirst ? 0 : attempts
        state = .importPending
        clearFailure()
        // A client that goes back and forth must not win endless tries.
        attempts = importAttempts
        ended = ended ?? now
        return isFirst ? [.notifyCompleted, .requestImport] : [.requestImport]
    }

    /// The client does not have everything, or not any more (a new check found bad parts).
    private mutating func backToDownloading(at now: Date, _ limits: TrackingLimits) -> [Action] {
        if state == .failedPending {
            // A failed download is followed again once its client works on it; until then the wait goes on.
            guard failure?.stage == .import || report?.isWorking == true else { return [] }
            failure = nil
            nextAttempt = nil
        }
        if report?.isWorking == true { isRetrying = false }
        state = .downloading
        return giveUpIfLost(at: now, limits)
    }

    private mutating func clientFailed(
        _ report: DownloadReport,
        at now: Date,
        _ limits: TrackingLimits
    ) -> [Action] {
        // One failure is counted once, however often the client repeats it.
        guard state != .failedPending else { return [] }
        let words = report.message.map { "The download client gave up: \($0)" } ?? "The download client gave up."
        return fail(Failure(stage: .download, message: words, code: nil), isRetryable: true, at: now, limits)
    }

    private mutating func fail(
        _ failure: Failure,
        isRetryable: Bool,
        at now: Date,
        _ limits: TrackingLimits
    ) -> [Action] {
        self.failure = failure
        isRetrying = false
        attempts += 1
        guard isRetryable, attempts < limits.mostAttempts else { return failForGood(at: now) }
        let next = now.addingTimeInterval(limits.delay(after: attempts))
        state = .failedPending
        nextAttempt = next
        return [.scheduleRetry(at: next)]
    }

    private mutating func failForGood(at now: Date) -> [Action] {
        state = .failed
        nextAttempt = nil
        ended = now
        return [.notifyFailed]
    }

    private mutating func retryIfDue(at now: Date) -> [Action] {
        guard let due = nextAttempt, due <= now else { return [] }
        nextAttempt = nil
        return tryAgain(failure?.stage)
    }

    private mutating func tryAgain(_ stage: Stage?) -> [Action] {
        if stage != .download, isComplete {
            state = .importPending
            return [.requestImport]
        }
        state = .downloading
        return [.retryDownload]
    }

    private mutating func giveUpIfLost(at now: Date, _ limits: TrackingLimits) -> [Action] {
        if let since = missingSince, now.timeIntervalSince(since) >= limits.givesUpMissing {
            return lose("The download is no longer in its client. Add it again, or remove it here.", at: now)
        }
        if report?.state.value == .missingFiles, let since = troubledSince,
            now.timeIntervalSince(since) >= limits.givesUpMissing
        {
            return lose("The files of the download are gone. Download it again, or remove it.", at: now)
        }
        return []
    }

    private mutating func lose(_ words: String, at now: Date) -> [Action] {
        failure = Failure(stage: .download, message: words, code: nil)
        isRetrying = false
        return failForGood(at: now)
    }
}

extension DownloadReport {
    /// Whether the client does something with the download that can lead to its end.
    fileprivate var isWorking: Bool {
        switch state.value {
        case .downloading, .fetchingMetadata, .checking, .postProcessing, .queued: true
        case .stalled, .paused, .seeding, .completed, .failed, .missingFiles, nil: false
        }
    }
}
