import FoundationEssentials
import PluginAPI

/// How well an instance does, and when it may be asked again after failures.
///
/// Each failure climbs a step of a ladder of waiting times, each success goes one down. A service that cannot be
/// reached is usually being restarted: it climbs only on every third failure, and waits a quarter of an hour at most.
/// After a power cut everything starts together: for the first quarter of an hour of the server, a service that may
/// still be starting climbs one step only and waits no longer than that.
struct InstanceHealth: Sendable, Equatable {
    /// Minutes to wait on each step.
    static let ladder: [Double] = [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440]
    /// The highest step for failures to connect.
    static let highestUnreachableStep = 3
    static let failuresPerStepWhenUnreachable = 3
    /// How long after the start of the server services may still be starting, in seconds.
    static let grace: TimeInterval = 15 * 60
    /// The highest step in that time.
    static let highestStepInGrace = 1

    /// The step of the ladder.
    private(set) var step = 0
    /// Failures since the last success.
    private(set) var failures = 0
    /// Before this time the instance is left alone.
    private(set) var nextAttempt: Date?
    /// The last failure, until the next success.
    private(set) var message: String?
    /// The last failure's code as `PluginError` has it; `nil` also for one that was stored without.
    private(set) var code: String?
    /// The first failure since the last success.
    private(set) var since: Date?
    /// When the instance last did what it was asked for.
    private(set) var lastSuccess: Date?

    init() {}

    /// The stored form; without a message there is no failure.
    init(
        step: Int,
        nextAttempt: Date?,
        message: String?,
        code: String? = nil,
        failures: Int = 0,
        since: Date? = nil,
        lastSuccess: Date? = nil
    ) {
        self.step = min(max(step, 0), Self.ladder.count - 1)
        self.failures = message == nil ? 0 : max(step, failures, 1)
        self.nextAttempt = nextAttempt
        self.message = message
        self.code = message == nil ? nil : code
        self.since = message == nil ? nil : since
        self.lastSuccess = lastSuccess
    }

    /// The word for the state: `healthy`, `warning` after a failure, `failing` while the instance is left alone.
    var status: String {
        message == nil ? "healthy" : step == 0 ? "warning" : "failing"
    }

    /// Whether anything but the time of the last success is another one than in `old`.
    func differs(from old: InstanceHealth) -> Bool {
        var same = old
        same.lastSuccess = lastSuccess
        return same != self
    }

    func mayTry(at now: Date) -> Bool {
        nextAttempt.map { $0 <= now } ?? true
    }

    /// - Parameter isStarting: whether the server has begun so lately that services may still be starting too.
    mutating func recordFailure(_ error: PluginError, now: Date, isStarting: Bool = false) {
        note(error.message, code: error.code.text, now: now)
        let highest =
            isStarting && error.mayComeOfStarting
            ? Self.highestStepInGrace
            : error.isUnreachable ? Self.highestUnreachableStep : Self.ladder.count - 1
        let climbs = !error.isUnreachable || failures % Self.failuresPerStepWhenUnreachable == 0
        if climbs, step < highest { step += 1 }
        // What answers for a service that is not there says how long that lasts, and does not know.
        let most = error.isUnreachable ? Self.ladder[Self.highestUnreachableStep] * 60 : .infinity
        let wait = max(Self.ladder[min(step, highest)] * 60, min(Double(error.retryDelay ?? 0), most))
        nextAttempt = wait > 0 ? now.addingTimeInterval(wait) : nil
    }

    /// The instance could not be asked, because its plugin cannot be used.
    ///
    /// That climbs no ladder: the backend has not failed.
    mutating func recordMissingPlugin(_ reason: String, now: Date) {
        let counted = failures
        note(reason, code: PluginError.Code.unsupported.rawValue, now: now)
        failures = max(counted, 1)
        nextAttempt = nil
    }

    mutating func recordSuccess(now: Date) {
        let lower = max(0, step - 1)
        forgive()
        step = lower
        lastSuccess = now
    }

    /// Forgets every failure.
    mutating func forgive() {
        self = InstanceHealth(step: 0, nextAttempt: nil, message: nil, lastSuccess: lastSuccess)
    }

    /// Takes over when the instance last worked, for health that begins anew.
    mutating func keepLastSuccess(of old: InstanceHealth?) {
        lastSuccess = lastSuccess ?? old?.lastSuccess
    }

    /// The server has started: what could not be reached before may be there by now, or soon.
    mutating func serverStarted(at now: Date) {
        guard let next = nextAttempt, PluginError.unreachableCodes.contains(where: { $0.rawValue == code }) else {
            return
        }
        nextAttempt = min(next, now.addingTimeInterval(Self.ladder[Self.highestStepInGrace] * 60))
    }

    private mutating func note(_ message: String, code: String, now: Date) {
        failures += 1
        since = since ?? now
        self.message = message
        self.code = code
    }
}

extension PluginError {
    /// The codes of a service that cannot be reached.
    ///
    /// The process of a plugin that has ended is started again by itself, so that counts as well.
    fileprivate static let unreachableCodes: [Code] = [
        .unreachable, .interrupted, .timeout, .deadlineExceeded, .pluginCrashed,
    ]

    fileprivate var isUnreachable: Bool { code.value.map(Self.unreachableCodes.contains) ?? false }

    /// Whether a service that is about to be there answers so, or what stands in front of it.
    fileprivate var mayComeOfStarting: Bool { isUnreachable || code == .badResponse || code == .remoteFailure }

    /// Whether a service asks to slow down for a minute or less: it works as it should, and its plugin keeps the pause.
    var isShortPause: Bool { code == .rateLimited && (retryDelay ?? .max) <= 60 }

    /// Whether the failure says something about what was asked for, and nothing about how the instance does.
    var isAboutOneCall: Bool { code == .invalid || code == .notFound || code == .conflict || code == .unsupported }
}
