import FoundationEssentials
import PluginAPI
import Synchronization

/// Writes the lines of one instance into the server's log, each with the instance's name.
///
/// A plugin that writes without end would fill the disk: after a burst, lines are left out and counted.
final class InstanceLog: Sendable {
    private struct State {
        var bucket: TokenBucket
        var leftOut = 0
    }

    /// Lines at once.
    static let burst = 200.0
    /// Lines each second after that.
    static let rate = 5.0

    private let logger: Logger
    private let instance: String
    private let key: String
    private let state: Mutex<State>

    /// - Parameter key: the field that the name stands in.
    init(_ logger: Logger, instance: String, as key: String = "instance") {
        self.logger = logger
        self.instance = instance
        self.key = key
        state = Mutex(State(bucket: TokenBucket(capacity: Self.burst, rate: Self.rate, now: logger.clock.now)))
    }

    func write(_ level: LogLevel, _ message: String, _ fields: [String: JSONValue]) {
        guard level >= logger.level else { return }
        let now = logger.clock.now
        let leftOut = state.withLock { state -> Int? in
            guard state.bucket.take(at: now) == nil else {
                state.leftOut += 1
                return nil
            }
            defer { state.leftOut = 0 }
            return state.leftOut
        }
        guard let leftOut else { return }
        let name: [String: JSONValue] = [key: .string(instance)]
        if leftOut > 0 {
            logger.warning("The plugin writes too much: \(leftOut) of its lines were left out here.", name)
        }
        // The name is the server's: a plugin must not speak for another instance.
        logger.log(level, message, fields.merging(name) { _, ours in ours })
    }
}
