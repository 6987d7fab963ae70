/// The states of the Web API.
///
/// 4.x says `paused`, 5.x says `stopped`.
enum TorrentState: String, Sendable {
    case error, missingFiles
    case uploading, pausedUP, stoppedUP, queuedUP, stalledUP, checkingUP, forcedUP
    case allocating, downloading, metaDL, forcedMetaDL, pausedDL, stoppedDL, queuedDL, stalledDL, checkingDL, forcedDL
    case checkingResumeData, queuedForChecking, moving, unknown

    /// Whether a torrent in this state lies verified in its final place, given that nothing is left to download.
    ///
    /// `moving` and the checks do not count, although the progress is 1 then.
    var isSettled: Bool {
        switch self {
        case .uploading, .stalledUP, .queuedUP, .forcedUP, .pausedUP, .stoppedUP: true
        default: false
        }
    }

    /// Whether seeding was ended, by a limit or by the user.
    var isStoppedAfterCompletion: Bool { self == .pausedUP || self == .stoppedUP }
}
