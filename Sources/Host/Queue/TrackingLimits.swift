import struct FoundationEssentials.TimeInterval

/// The patience with which downloads are followed.
///
/// All times in seconds.
struct TrackingLimits: Hashable, Sendable {
    /// How long a download may be missing in its client before the user hears of it.
    var usenetGrace: TimeInterval = 30
    var torrentGrace: TimeInterval = 3 * 60
    /// The same for a magnet without metadata, which some clients do not list; also how long one may look for it.
    var metadataGrace: TimeInterval = 10 * 60
    /// How long a download may be missing, or its files, before it has failed.
    var givesUpMissing: TimeInterval = 24 * 60 * 60
    /// The waits before the automatic tries; the last one repeats.
    var retryDelays: [TimeInterval] = [60, 5 * 60, 15 * 60, 30 * 60, 60 * 60]
    /// Automatic tries of one round.
    ///
    /// A retry by the user begins a new round.
    var mostAttempts = 10
    /// How often a user may retry one download.
    var mostUserRetries = 10

    /// The wait after the attempt of this number, which counts from 1.
    func delay(after attempt: Int) -> TimeInterval {
        guard !retryDelays.isEmpty else { return 60 }
        return retryDelays[min(max(attempt, 1), retryDelays.count) - 1]
    }
}
