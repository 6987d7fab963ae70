import FoundationEssentials
import PluginAPI
import Synchronization

/// A notifier in memory that does what the test says.
final class ScriptedNotifier: Sendable {
    struct State {
        var taken: [NotificationEvent] = []
        /// What the next calls come to; when there is nothing, they succeed.
        var failures: [PluginError] = []
        var supported: [Open<NotificationEvent.Kind>] = NotificationEvent.Kind.allCases.map(Open.known)
        var calls = 0
    }

    let state = Mutex(State())
    /// Holds each call up, when there is one.
    let latch: Latch?

    init(latch: Latch? = nil) {
        self.latch = latch
    }

    var taken: [NotificationEvent] { state.withLock(\.taken) }
    var calls: Int { state.withLock(\.calls) }

    func fail(_ errors: PluginError...) {
        state.withLock { $0.failures += errors }
    }
}

/// The plugin around a `ScriptedNotifier`.
struct ScriptedNotifierPlugin: Plugin, Notifier {
    struct Settings: Codable, Sendable {}

    static let manifest = PluginManifest(
        id: "quiet",
        name: "Quiet",
        version: "1.0.0",
        description: "A notifier in memory.",
        settings: SettingsSchema(fields: [])
    )

    let notifier: ScriptedNotifier

    init(_ notifier: ScriptedNotifier) {
        self.notifier = notifier
    }

    init(settings: Settings, host: any HostServices) throws {
        throw PluginError(.unsupported, "A scripted notifier is made by the test.")
    }

    func test() async throws -> ConnectionReport {
        var report = ConnectionReport()
        report.checks = [.init("connection", ok: true)]
        return report
    }

    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] { notifier.state.withLock(\.supported) }

    func notify(_ event: NotificationEvent) async throws {
        notifier.state.withLock { $0.calls += 1 }
        await notifier.latch?.pass()
        try notifier.state.withLock { state in
            guard state.failures.isEmpty else { throw state.failures.removeFirst() }
            state.taken.append(event)
        }
    }
}
