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
        var answer = Frame(.hostReply, instance: frame.instance, call: frame.call)
        // The runner keeps to this limit; one that was tampered with may not.
        guard calls.count < HostBridge.openCallLimit else {
            answer.status = 1
            answer.json = WireJSON.failure(PluginError(.rateLimited, "Too many calls of the host are open."))
            return send(answer)
        }
        calls.start(frame.call) { [endpoint, answer] in
            var answer = answer
            do throws(PluginError) {
                (answer.json, answer.attachment) = try await endpoint.answer(
                    method: frame.method,
                    json: frame.json,
                    attachment: frame.attachment
                )
            } catch {
                answer.status = 1
                answer.json = WireJSON.failure(error)
            }
            send(answer)
        }
    }

    func cancel(_ call: UInt64) {
        calls.cancel(call)
    }

    /// Gives up what still runs for the instance.
    func end() {
        calls.cancelAll()
    }
}
