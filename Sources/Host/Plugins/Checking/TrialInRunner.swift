import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization

/// Runs the plugin in a process of its own, which is not started again when it ends.
final class TrialInRunner: PluginTrial {
    private struct State {
        var session: RunnerSession?
        var lines: [String] = []
    }

    /// Lines that are kept of what the plugin prints.
    private static let mostLines = 1000

    private let program: RunnerProgram
    private let state = Mutex(State())

    init(_ program: RunnerProgram) {
        self.program = program
    }

    func start(_ candidate: PluginCandidate) async throws(PluginRefusal) -> any UsablePlugin {
        let listener = RunnerListener(line: { [weak self] _, text in self?.keep(text) })
        let (session, hello) = try await RunnerSession.start(
            program,
            candidate,
            within: IsolatedPlugin.loadingLimit,
            listener: listener
        )
        state.withLock { $0.session = session }
        return PluginOnTrial(manifest: hello.manifest, path: candidate.path, session: session)
    }

    func footprint() -> ProcessFootprint? {
        state.withLock(\.session)?.processID.flatMap(ProcessFootprint.init(of:))
    }

    func printed() -> [String] { state.withLock(\.lines) }

    func end() async {
        state.withLock { $0.session.take() }?.stop()
    }

    private func keep(_ line: String) {
        state.withLock { if $0.lines.count < Self.mostLines { $0.lines.append(line) } }
    }
}

/// A plugin in the one process that it gets.
private struct PluginOnTrial: UsablePlugin {
    let manifest: PluginManifest
    let path: String
    let session: RunnerSession

    func makeInstance(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> any PluginConnection {
        let number = try await session.create(settings: settings, host: host, within: limit)
        return InstanceOnTrial(session: session, number: number)
    }

    func migrate(_ settings: Data, from version: Int, within limit: Duration) async throws(PluginError) -> Data {
        try await session.migrate(settings, from: version, within: limit)
    }
}

/// An instance in that process.
private struct InstanceOnTrial: PluginConnection {
    let session: RunnerSession
    let number: UInt32

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        try await session.call(number, method: method, json: json, attachment: attachment, deadline: deadline)
    }

    func shutDown() async {
        await session.destroy(number, within: .seconds(5))
    }
}
