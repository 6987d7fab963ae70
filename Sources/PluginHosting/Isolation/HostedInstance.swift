import FoundationEssentials
import PluginAPI

/// What the server does for an instance whose code runs in a runner.
struct HostedInstance: Sendable {
    let endpoint: any HostEndpoint
    private let calls = RunningCalls()

    init(_ endpoint: any HostEndpoint) {
        self.endpoint = endpoint
    }

    /// Runs a call of the host, and gives its answer to `send`.
    func run(_ frame: Frame, send: @escaping @Sendable (Frame) -> Void) {
        // The runner keeps to this limit; one that was tampered with may not.
        guard calls.count < HostBridge.openCallLimit else {
            return send(Self.failure(PluginError(.rateLimited, "Too many calls of the host are open."), of: frame))
        }
        calls.start(frame.call) { [endpoint] in
            do throws(PluginError) {
                var answer = Frame(.hostReply, instance: frame.instance, call: frame.call)
                (answer.json, answer.attachment) = try await endpoint.answer(
                    method: frame.method,
                    json: frame.json,
                    attachment: frame.attachment
                )
                send(answer)
            } catch {
                send(Self.failure(error, of: frame))
            }
        }
    }

    /// The answer to a call of the host that has failed.
    static func failure(_ error: PluginError, of frame: Frame) -> Frame {
        var answer = Frame(.hostReply, instance: frame.instance, call: frame.call)
        answer.status = 1
        answer.json = WireJSON.failure(error)
        return answer
    }

    func cancel(_ call: UInt64) {
        calls.cancel(call)
    }

    /// Gives up what still runs for the instance.
    func end() {
        calls.cancelAll()
    }
}
