import FoundationEssentials
import PluginAPI
import Synchronization

/// Keeps requests to one indexer within its limits: so many in a minute, and none while it has asked for a pause.
final class RequestPace: Sendable {
    /// What a request is for: indexers count searches and downloads apart.
    enum Purpose: Hashable, Sendable {
        case search, download
    }

    private struct State {
        var tokens: Double
        var filled: Date
        var pauses: [Purpose: Date] = [:]
    }

    /// Requests that may come at once after a rest.
    private static let burst = 5.0
    /// Seconds that a request waits for its turn; one that would wait longer is refused.
    private static let patience = 5.0

    private let perSecond: Double
    private let state: Mutex<State>
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void

    init(
        perMinute: Int,
        now: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        perSecond = Double(max(1, perMinute)) / 60
        self.now = now
        self.sleep = sleep
        state = Mutex(State(tokens: Self.burst, filled: now()))
    }

    /// Waits until a request may be sent.
    ///
    /// - Throws: `.rateLimited` with the seconds that are left of a pause, or of the wait for a turn.
    func turn(for purpose: Purpose) async throws {
        let wait = try state.withLock { state in try take(&state, purpose) }
        if wait > 0 { try await sleep(.milliseconds(Int64((wait * 1000).rounded(.up)))) }
    }

    /// No request for `purpose` is sent for so many seconds.
    func pause(_ purpose: Purpose, seconds: Int) {
        let end = now().addingTimeInterval(Double(seconds))
        state.withLock { $0.pauses[purpose] = max($0.pauses[purpose] ?? end, end) }
    }

    /// Takes a token, which may be one of the future.
    ///
    /// - Returns: seconds until it is there.
    private func take(_ state: inout State, _ purpose: Purpose) throws -> Double {
        let now = now()
        if let end = state.pauses[purpose] {
            let left = end.timeIntervalSince(now)
            if left > 0 { throw Self.refusal("The indexer has asked for a pause", left) }
            state.pauses[purpose] = nil
        }
        let passed = max(0, now.timeIntervalSince(state.filled))
        state.tokens = min(Self.burst, state.tokens + passed * perSecond)
        state.filled = now
        let wait = max(0, (1 - state.tokens) / perSecond)
        guard wait <= Self.patience else { throw Self.refusal("The limit of requests in a minute is reached", wait) }
        state.tokens -= 1
        return wait
    }

    private static func refusal(_ reason: String, _ seconds: Double) -> PluginError {
        let whole = Int(seconds.rounded(.up))
        return PluginError(.rateLimited, "\(reason); it is asked again in \(whole) seconds.", retryAfter: whole)
    }
}
