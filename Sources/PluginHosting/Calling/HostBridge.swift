import CKinodockPlugin
import FoundationEssentials
import PluginAPI
import Synchronization

/// Gives an instance of a plugin the host's C table, and runs what the plugin asks for over it.
///
/// Whatever a plugin sends is answered: JSON that cannot be read, or a service that does not exist, is an error reply.
final class HostBridge: Sendable {
    /// The longest line that a plugin may write to the log, in bytes.
    static let longestLogLine = 16 << 10
    /// Calls of the host that an instance may have open.
    static let openCallLimit = 1000

    let host: any HostEndpoint
    // Unsafe: written once, never changed. It is never freed, because a plugin may use it after its instance has
    // ended; that costs 40 bytes for each instance that ever was.
    nonisolated(unsafe) let table: UnsafePointer<kinodock_host>
    private let calls = RunningCalls()
    private let hasReportedCall = Atomic<Bool>(false)

    init(number: UInt32, host: any HostEndpoint) {
        self.host = host
        let table = UnsafeMutablePointer<kinodock_host>.allocate(capacity: 1)
        table.initialize(
            to: kinodock_host(
                size: UInt32(MemoryLayout<kinodock_host>.size),
                major: UInt16(KINODOCK_ABI_MAJOR),
                minor: UInt16(KINODOCK_ABI_MINOR),
                context: UnsafeMutableRawPointer(bitPattern: UInt(number)),
                log: { HostBridge.log($0, $1, $2, $3) },
                invoke: { HostBridge.invoke($0, $1) },
                cancel: { HostBridge.of($0)?.calls.cancel($1) }
            )
        )
        self.table = UnsafePointer(table)
    }

    /// Gives up what still runs for the instance.
    func end() {
        calls.cancelAll()
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> HostBridge? {
        LiveInstances.shared[UInt32(truncatingIfNeeded: UInt(bitPattern: context))]?.bridge
    }

    private static func log(
        _ context: UnsafeMutableRawPointer?,
        _ level: Int32,
        _ message: kinodock_bytes,
        _ fields: kinodock_bytes
    ) {
        CrashMark.prepareThread()
        guard let bridge = of(context) else { return }
        let line = kinodock_bytes(data: message.data, count: min(message.count, longestLogLine))
        let isShort = (1...longestLogLine).contains(fields.count)
        let values = isShort ? try? WireJSON.decode([String: JSONValue].self, from: fields.copy) : nil
        bridge.host.log(LogLevel(rawValue: level) ?? .info, line.text, fields: values ?? [:])
    }

    private static func invoke(_ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<kinodock_call>?) {
        CrashMark.prepareThread()
        let bridge = of(context)
        guard let call, let incoming = IncomingCall(call, from: "The plugin") else {
            bridge?.reportUnanswerable(call)
            return
        }
        guard let bridge else {
            return incoming.fail(PluginError(.cancelled, "The instance was ended, so the host does nothing for it."))
        }
        if let fault = incoming.fault { return incoming.fail(fault) }
        guard bridge.calls.count < openCallLimit else {
            let words = "The instance has \(openCallLimit) calls of the host open; wait for replies to some of them."
            return incoming.fail(PluginError(.rateLimited, words))
        }
        bridge.run(incoming)
    }

    private func run(_ call: IncomingCall) {
        calls.start(call.id) { [host] in
            do throws(PluginError) {
                let answer = try await host.answer(
                    method: call.method,
                    json: call.json,
                    attachment: call.attachment
                )
                call.succeed(json: answer.json, attachment: answer.attachment)
            } catch {
                call.fail(error)
            }
        }
    }

    /// Tells the author, once, about a call that has nowhere to reply to.
    private func reportUnanswerable(_ call: UnsafePointer<kinodock_call>?) {
        guard !hasReportedCall.exchange(true, ordering: .relaxed) else { return }
        let size = call?.pointee.size ?? 0
        let message =
            "The plugin called the host in a way that cannot be answered: its kinodock_call has size \(size) instead of "
            + "\(KINODOCK_CALL_SIZE_V1), or no reply function. Report it to its author."
        host.log(.warning, message, fields: [:])
    }
}
