import FoundationEssentials
import PluginAPI
import Synchronization

/// A host without network and without memory; what a plugin writes into its folders goes with it.
final class SilentServices: HostServices {
    private let clock: any WallClock
    private let hangs: Bool
    private let hasRequest = Atomic<Bool>(false)
    private let scratch = Mutex<String?>(nil)

    /// - Parameter hangs: whether a request waits until the plugin gives it up, instead of failing at once.
    init(clock: any WallClock, hangs: Bool = false) {
        self.clock = clock
        self.hangs = hangs
    }

    deinit {
        if let path = scratch.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }

    var now: Date { clock.now }

    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        hasRequest.store(true, ordering: .relaxed)
        if hangs { try await Task.sleep(for: .seconds(30)) }
        throw PluginError(.unreachable, "A check makes no connections.")
    }

    /// Waits until the plugin has sent a request, for a plugin that sends one.
    func waitForRequest(atMost limit: Duration) async {
        let step = Duration.milliseconds(5)
        for _ in 0..<Int(limit / step) where !hasRequest.load(ordering: .relaxed) { try? await Task.sleep(for: step) }
    }

    func folders() async throws -> HostFolders {
        let path = scratch.withLock { path in
            let name = "kinodock-check-" + UUID().uuidString
            let known = path ?? FileManager.default.temporaryDirectory.appending(path: name).path()
            path = known
            return known
        }
        return try InstanceFolders(dataDirectory: path).make(for: "check")
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {}
    func value(for key: String) async throws -> Data? { nil }
    func setValue(_ value: Data?, for key: String) async throws {}
    func emit(_ event: String, details: [String: JSONValue]) {}
}
