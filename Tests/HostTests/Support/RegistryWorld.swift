import Cryptography
import FoundationEssentials
import Glibc
import HTTPServer
import PluginAPI
import Synchronization

@testable import Host
@testable import PluginHosting

/// A registry over plugins that are made up, with a store in a folder of its own.
final class RegistryWorld: Sendable {
    let folder: String
    let store: Store
    let clock = SetClock()
    let plugins = MadeUpPlugins()
    let lines = Lines()
    let redactor = Redactor()
    /// The ids of the instances that services were made for.
    let served = Recorder<String>()
    let registry: Registry

    init() throws {
        var template = Array("/tmp/kinodock-registry-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no temporary folder") }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        store = try Store(path: folder + "/test.sqlite")
        let served = served
        registry = try Registry(
            store: store,
            plugins: plugins,
            sealingKey: SealingKey(bytes: Array(repeating: 7, count: 32)),
            redactor: redactor,
            logger: Logger(level: .debug, redactor: redactor, clock: clock, sink: lines.add),
            clock: clock,
            folders: InstanceFolders(dataDirectory: folder),
            services: { instance in
                served.add(instance.id)
                return NoServices()
            }
        )
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A stored instance of the plugin `box`.
    func addInstance(_ name: String = "Box", host: String = "one") async throws -> Instance {
        let draft = InstanceDraft(
            name: name,
            implementation: "box",
            settings: ["host": .string(host), "password": "hidden-word"]
        )
        let instance = try draft.instance(replacing: nil, kind: .downloadClient, plugins: plugins, now: clock.now)
        try await registry.save(instance)
        return instance
    }

    func connectionTest(library: String = "/nowhere") -> ConnectionTest {
        ConnectionTest(registry: registry, redactor: redactor, libraryDirectory: library)
    }

    /// A clock that stands still until it is set.
    final class SetClock: WallClock {
        private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
        var now: Date { time.withLock { $0 } }
        func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
    }

    /// Lines of a log.
    final class Lines: Sendable {
        private let kept = Mutex<[String]>([])
        var all: [String] { kept.withLock { $0 } }
        func add(_ line: [UInt8]) { kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }

    /// Counts calls.
    final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    /// One plugin, `box`, which can be taken away.
    final class MadeUpPlugins: PluginSource {
        struct State {
            var isThere = true
            /// Whether the form has a field that must be filled in.
            var needsSettings = true
            var connections = 0
            var shutDowns = 0
            var calls: [String] = []
            /// Calls over a connection that had been shut down.
            var callsAfterEnd = 0
            var answer: Result<ConnectionReport, PluginError> = .success(ConnectionReport(version: "1"))
            /// Plugins whose calls throw, whatever `answer` is.
            var broken: [String: PluginError] = [:]
        }
        let state = Mutex(State())

        var calls: [String] { state.withLock(\.calls) }

        func manifest(of id: String) -> PluginManifest? {
            guard id == "box" || id == "crate", state.withLock(\.isThere) else { return nil }
            let host = SettingsField.host("host", label: "Host")
            var manifest = PluginManifest(
                id: id,
                name: id.capitalized,
                version: "1.0.0",
                description: "",
                sources: [.magnet],
                settings: SettingsSchema(fields: [
                    state.withLock(\.needsSettings) ? host.required() : host, .secret("password", label: "Password"),
                ])
            )
            manifest.kinds = [.known(.downloadClient)]
            return manifest
        }

        func reasonAgainst(_ id: String) -> String { "The plugin \(id) is disabled." }

        func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data { settings }

        func connect(
            _ id: String,
            settings: Data,
            services: any HostServices
        ) async throws(PluginError) -> any PluginConnection {
            state.withLock { $0.connections += 1 }
            return MadeUpConnection(plugins: self, id: id)
        }
    }

    private final class MadeUpConnection: PluginConnection {
        private let plugins: MadeUpPlugins
        private let id: String
        private let isShut = Mutex(false)

        init(plugins: MadeUpPlugins, id: String) {
            self.plugins = plugins
            self.id = id
        }

        func call(
            method: String,
            json: Data,
            attachment: Data?,
            deadline: Duration
        ) async throws(PluginError) -> (json: Data, attachment: Data?) {
            await Task.yield()
            let isShut = isShut.withLock { $0 }
            let answer = plugins.state.withLock { state in
                state.calls.append(id + " " + method)
                if isShut { state.callsAfterEnd += 1 }
                return state.broken[id].map(Result.failure) ?? state.answer
            }
            switch answer {
            case .failure(let error): throw error
            case .success(let report):
                guard method == "provider.test" else { throw PluginError(.unsupported, "Only tests are made up.") }
                return ((try? JSONEncoder().encode(report)) ?? Data(), nil)
            }
        }

        func shutDown() async {
            isShut.withLock { $0 = true }
            plugins.state.withLock { $0.shutDowns += 1 }
        }
    }

    private struct NoServices: HostServices {
        var now: Date { Date(timeIntervalSince1970: 0) }
        func send(_ request: ServiceRequest) async throws -> ServiceResponse {
            throw PluginError(.unreachable, "No network.")
        }
        func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {}
        func value(for key: String) async throws -> Data? { nil }
        func setValue(_ value: Data?, for key: String) async throws {}
        func emit(_ event: String, details: [String: JSONValue]) {}
    }
}
