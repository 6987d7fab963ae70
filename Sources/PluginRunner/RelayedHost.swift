import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization

/// The host as an instance in a runner reaches it: every call goes to the server.
final class RelayedHost: HostEndpoint {
    private struct State {
        var waiting: [UInt64: UnsafeContinuation<CallResult, Never>] = [:]
        var lastCall: UInt64 = 0
        var isEnded = false
    }

    private let instance: UInt32
    private let writer: FrameWriter
    private let state = Mutex(State())

    init(_ instance: UInt32, _ writer: FrameWriter) {
        self.instance = instance
        self.writer = writer
    }

    func answer(
        method: String,
        json: Data,
        attachment: Data?
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let number = state.withLock { state in
            state.lastCall += 1
            return state.lastCall
        }
        var frame = Frame(.hostCall, instance: instance, call: number)
        frame.method = method
        frame.json = json
        frame.attachment = attachment
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isEnded = state.withLock { state in
                    state.waiting[number] = continuation
                    return state.isEnded
                }
                if isEnded {
                    finish(number, Self.ended)
                } else if !writer.send(frame) {
                    finish(number, .failure(PluginError(.invalid, "The message is too large for the host.")))
                } else if Task.isCancelled {
                    giveUp(number)
                }
            }
        } onCancel: {
            giveUp(number)
        }
        return try result.get()
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {
        guard let json = try? WireJSON.encode(RunnerLogLine(level, message, fields)) else { return }
        var frame = Frame(.log, instance: instance)
        frame.json = json
        _ = writer.send(frame)
    }

    /// Takes the server's answer.
    func take(_ frame: Frame) {
        let result: CallResult =
            frame.status == 0
            ? .success((frame.json, frame.attachment))
            : .failure(WireJSON.readFailure(frame.json, from: "The host"))
        finish(frame.call, result)
    }

    /// Answers what is still open: what the server says from now on does not get here.
    func end() {
        let waiting = state.withLock { state in
            state.isEnded = true
            return Array(state.waiting.keys)
        }
        for number in waiting { finish(number, Self.ended) }
    }

    private static let ended = CallResult.failure(PluginError(.cancelled, "The plugin's instance was ended."))

    /// Asks the server to give a call up; its answer still comes.
    private func giveUp(_ number: UInt64) {
        _ = writer.send(Frame(.hostCancel, instance: instance, call: number))
    }

    private func finish(_ number: UInt64, _ result: CallResult) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: result)
    }
}
