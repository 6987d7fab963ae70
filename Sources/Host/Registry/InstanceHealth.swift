import FoundationEssentials
import PluginAPI

/// How well an instance does, and when it may be asked again after failures.
///
/// Each failure climbs a step of a ladder of waiting times, each success goes one down. A service that cannot be
/// reached is usually being restarted: it climbs only on every third failure, and waits a quarter of an hour at most.
struct InstanceHealth: Sendable, Equatable {
    /// Minutes to wait on each step.
    static let ladder: [Double] = [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440]
    /// The highest step for failures to connect.
    static let highestUnreachableStep = 3
    static let failuresPerStepWhenUnreachable = 3

    /// The step of the ladder.
    private(set) var step = 0
    /// Failures since the last success.
    private(set) var failures = 0
    /// Before this time the instance is left alone.
    private(set) var nextAttempt: Date?
    /// The last failure, until the next success.
    private(set) var message: String?

    init() {}

    /// The stored form.
    init(step: Int, nextAttempt: Date?, message: String?) {
        self.step = min(max(step, 0), Self.ladder.count - 1)
        self.failures = message == nil ? 0 : max(step, 1)
        self.nextAttempt = nextAttempt
        self.message = message
    }

    /// The word for the state: `healthy`, `warning` after a failure, `failing` while the instance is left alone.
    var status: String {
        message == nil ? "healthy" : step == 0 ? "warning" : "failing"
    }

    func mayTry(at now: Date) -> Bool {
        nextAttempt.map { $0 <= now } ?? true
    }

    mutating func recordFailure(_ error: PluginError, now: Date) {
        failures += 1
        message = error.message
        let isUnreachable = error.code == .unreachable || error.code == .timeout || error.code == .deadlineExceeded
        if !isUnreachable {
            step = min(step + 1, Self.ladder.count - 1)
        } else if failures % Self.failuresPerStepWhenUnreachable == 0, step < Self.highestUnreachableStep {
            step += 1
        }
        // What answers for a service that is not there says how long that lasts, and does not know.
        let most = isUnreachable ? Self.ladder[Self.highestUnreachableStep] * 60 : .infinity
        let wait = max(Self.ladder[step] * 60, min(Double(error.retryDelay ?? 0), most))
        nextAttempt = wait > 0 ? now.addingTimeInterval(wait) : nil
    }

    /// The instance could not be asked, because its plugin cannot be used.
    ///
    /// That climbs no ladder: the backend has not failed.
    mutating func recordMissingPlugin(_ reason: String) {
        failures = max(failures, 1)
        message = reason
        nextAttempt = nil
    }

    mutating func recordSuccess() {
        step = max(0, step - 1)
        failures = 0
        nextAttempt = nil
        message = nil
    }
}
