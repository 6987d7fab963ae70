package import FoundationEssentials
package import PluginAPI
import Synchronization

/// What a call came to.
package typealias CallResult = Result<(json: Data, attachment: Data?), PluginError>

/// The calls to one instance that are not answered yet.
///
/// A caller is answered by whatever comes first: the plugin's reply, its deadline, its own cancellation, or the end of
/// the instance. A call that the plugin has been told of then stays here as abandoned until the plugin has replied
/// too, so that its late reply is told from one too many.
final class OpenCalls: Sendable {
    /// Whoever waits for the answer.
    enum Receiver {
        case caller(UnsafeContinuation<CallResult, Never>)
        case action(@Sendable (CallResult) -> Void)

        func receive(_ result: CallResult) {
            switch self {
            case .caller(let continuation): continuation.resume(returning: result)
            case .action(let action): action(result)
            }
        }
    }

    /// What a plugin did by replying.
    enum ReplyOutcome {
        case delivered
        /// The caller had its answer already.
        case late
        /// There is no such call: it was answered before, or never made.
        case unexpected
    }

    private struct Call {
        /// `nil` once the receiver has its answer.
        var receiver: Receiver?
        /// What the plugin is going to be told; `nil` once it has been.
        var message: OutgoingCall?
        /// Whether the plugin is to be asked to give it up, though the receiver still waits for its reply.
        var isCancelled = false
        /// A time of the monotonic clock.
        let deadline: UInt64
    }

    private let calls = Mutex<[UInt64: Call]>([:])

    /// Registers a call, unless `limit` calls are unanswered already.
    func open(_ id: CallID, _ message: OutgoingCall, deadline: UInt64, limit: Int, receiver: Receiver) -> Bool {
        calls.withLock { calls in
            guard calls.count < limit else { return false }
            calls[id.number] = Call(receiver: receiver, message: message, deadline: deadline)
            return true
        }
    }

    /// Notes that the plugin is about to be told of the call.
    ///
    /// - Returns: what to tell it; `nil` when nobody waits for the call any more, so that it must not be made.
    func start(_ id: CallID) -> OutgoingCall? {
        calls.withLock { $0[id.number]?.message.take() }
    }

    /// Whether the plugin is to give the call up and has not replied.
    func isCancelled(_ id: CallID) -> Bool {
        calls.withLock { calls in calls[id.number].map { $0.receiver == nil || $0.isCancelled } ?? false }
    }

    /// Notes that the plugin is to give the call up, and leaves the answer to it.
    ///
    /// A call that the plugin has not been told of is answered with `error`.
    ///
    /// - Returns: whether the plugin knows of the call.
    func cancel(_ id: CallID, _ error: PluginError) -> Bool {
        let receiver = calls.withLock { calls -> Receiver? in
            guard calls[id.number]?.message != nil else {
                calls[id.number]?.isCancelled = true
                return nil
            }
            return calls.removeValue(forKey: id.number)?.receiver
        }
        receiver?.receive(.failure(error))
        return receiver == nil
    }

    /// How many calls the plugin has not answered, whether or not somebody waits.
    var count: Int { calls.withLock(\.count) }

    /// The earliest deadline among the calls that were given up and that the plugin has not answered.
    var earliestAbandoned: UInt64? {
        calls.withLock { calls in calls.values.lazy.filter { $0.receiver == nil }.map(\.deadline).min() }
    }

    /// Takes the plugin's reply.
    func reply(_ id: CallID, _ result: CallResult) -> ReplyOutcome {
        guard let call = calls.withLock({ $0.removeValue(forKey: id.number) }) else { return .unexpected }
        guard let receiver = call.receiver else { return .late }
        receiver.receive(result)
        return .delivered
    }

    /// Answers the receiver in the plugin's stead.
    ///
    /// - Returns: whether the plugin knows of the call, and so should be asked to give it up.
    func abandon(_ id: CallID, _ error: PluginError) -> Bool {
        let (receiver, isStarted) = calls.withLock { calls -> (Receiver?, Bool) in
            guard let call = calls[id.number], call.receiver != nil else { return (nil, false) }
            let isStarted = call.message == nil
            if isStarted { calls[id.number]?.receiver = nil } else { calls[id.number] = nil }
            return (call.receiver, isStarted)
        }
        receiver?.receive(.failure(error))
        return isStarted
    }

    /// The calls whose receivers still wait.
    var waiting: [CallID] {
        calls.withLock { $0.filter { $0.value.receiver != nil }.keys.map(CallID.init(number:)) }
    }

    /// The calls whose deadline has passed at `now`, and the earliest deadline among the others.
    func due(at now: UInt64) -> (expired: [CallID], next: UInt64?) {
        calls.withLock { calls in
            var expired: [CallID] = []
            var next: UInt64?
            for (number, call) in calls where call.receiver != nil {
                if call.deadline <= now {
                    expired.append(CallID(number: number))
                } else {
                    next = min(next ?? .max, call.deadline)
                }
            }
            return (expired, next)
        }
    }
}
