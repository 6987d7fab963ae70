import CKinodockPlugin
import FoundationEssentials
import PluginAPI

/// Gives an instance of a plugin the host's C table, and runs what the plugin asks for over it.
///
/// Whatever a plugin sends is answered: JSON that cannot be read, or a service that does not exist, is an error reply.
final class HostBridge: Sendable {
    /// The longest line that a plugin may write to the log, in bytes.
    static let longestLogLine = 16 << 10

    let services: any HostServices
    // Unsafe: written once, never changed. It is never freed, because a plugin may use it after its instance has
    // ended; that costs 40 bytes for each instance that ever was.
    nonisolated(unsafe) let table: UnsafePointer<kinodock_host>
    private let calls = RunningCalls()

    init(number: UInt32, services: any HostServices) {
        self.services = services
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
        guard let bridge = of(context) else { return }
        let line = kinodock_bytes(data: message.data, count: min(message.count, longestLogLine))
        let values =
            fields.count > longestLogLine ? nil : try? WireJSON.decode([String: JSONValue].self, from: fields.copy)
        bridge.services.log(LogLevel(rawValue: level) ?? .info, line.text, fields: values ?? [:])
    }

    private static func invoke(_ context: UnsafeMutableRawPointer?, _ call: UnsafePointer<kinodock_call>?) {
        guard let call = call.flatMap(IncomingCall.init) else { return }
        guard let bridge = of(context) else {
            return call.fail(PluginError(.cancelled, "The instance was ended, so the host does nothing more for it."))
        }
        bridge.calls.start(call.id) { [services = bridge.services] in
            do {
                let answer = try await HostService.run(call, with: services)
                call.succeed(json: answer.json, attachment: answer.attachment)
            } catch {
                call.fail(HostService.pluginError(from: error))
            }
        }
    }
}
