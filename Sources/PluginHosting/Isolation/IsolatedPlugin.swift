package import FoundationEssentials
package import PluginAPI
import Synchronization

/// A plugin whose code runs in a process of its own, one for all its instances.
///
/// The process is started when the first instance is needed and ends some seconds after the last one. When it crashes it
/// is started again after a while, and the instances are made anew in it; who has made them does not notice but for
/// calls that failed with `.pluginCrashed` meanwhile.
package final class IsolatedPlugin: UsablePlugin {
    private struct State {
        var session: RunnerSession?
        /// The start that is going on.
        var starting: Task<Result<RunnerSession, PluginError>, Never>?
        /// How many sessions there have been; names the one that is the last.
        var generation = 0
        /// Times of crashes on the monotonic clock.
        var crashes: [UInt64] = []
        var lastCrash: String?
        var instances: [ObjectIdentifier: IsolatedInstance] = [:]
        /// Raised whenever an instance comes, so that an end that was meant for an unused runner is called off.
        var uses = 0
        /// How many settings are being migrated.
        var migrations = 0
        var isStopped = false

        var isUnused: Bool { instances.isEmpty && migrations == 0 }
    }

    package let manifest: PluginManifest
    package var path: String { candidate.path }
    private let candidate: PluginCandidate
    private let program: RunnerProgram
    private let file: PluginFileStatus?
    private let policy: RestartPolicy
    private let line: @Sendable (RunnerListener.Stream, String) -> Void
    private let changed: @Sendable () -> Void
    private let state = Mutex(State())

    /// How long loading may take.
    package static let loadingLimit = Duration.seconds(10)
    /// How long a runner without instances stays.
    private static let linger = Duration.seconds(10)

    /// A plugin that was looked at before; nothing is started yet.
    ///
    /// - Parameters:
    ///   - manifest: as a runner has told it.
    ///   - file: the file that was looked at; no other one is started. `nil` starts what is there.
    ///   - line: told what the plugin prints; must not wait.
    ///   - changed: told when `status` has changed; must not wait.
    package init(
        manifest: PluginManifest,
        candidate: PluginCandidate,
        program: RunnerProgram,
        file: PluginFileStatus? = nil,
        policy: RestartPolicy = RestartPolicy(),
        line: @escaping @Sendable (RunnerListener.Stream, String) -> Void = { _, _ in },
        changed: @escaping @Sendable () -> Void = {}
    ) {
        self.manifest = manifest
        self.candidate = candidate
        self.program = program
        self.file = file
        self.policy = policy
        self.line = line
        self.changed = changed
    }

    /// How it stands with the process.
    package var status: RunnerStatus {
        state.withLock { state in
            let crashes = policy.recent(state.crashes, at: MonotonicTime.now).count
            return RunnerStatus(
                processID: state.session?.processID,
                crashes: crashes,
                lastCrash: state.lastCrash,
                isGivenUp: policy.nextStart(after: state.crashes) == nil
            )
        }
    }

    package func makeInstance(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> any PluginConnection {
        let instance = IsolatedInstance(plugin: self, settings: settings, host: host, creationLimit: limit)
        state.withLock { state in
            state.instances[ObjectIdentifier(instance)] = instance
            state.uses += 1
        }
        do throws(PluginError) {
            try await instance.connect()
            return instance
        } catch {
            ended(instance)
            throw error
        }
    }

    package func migrate(
        _ settings: Data,
        from version: Int,
        within limit: Duration
    ) async throws(PluginError) -> Data {
        state.withLock { state in
            state.migrations += 1
            state.uses += 1
        }
        defer {
            state.withLock { $0.migrations -= 1 }
            endSoonIfUnused()
        }
        return try await session().migrate(settings, from: version, within: limit)
    }

    /// Forgets the crashes, and starts the process again at the next call.
    package func retry() {
        state.withLock { state in
            state.crashes = []
            state.lastCrash = nil
        }
        changed()
    }

    /// Ends the process; calls fail from now on.
    package func stop() {
        let session = state.withLock { state in
            state.isStopped = true
            // They hold the plugin and the plugin holds them, so somebody has to let go.
            state.instances = [:]
            return state.session
        }
        session?.stop()
    }

    /// The running process, started if need be.
    ///
    /// - Throws: `.pluginCrashed` while it must not be started again, or why it cannot be.
    func session() async throws(PluginError) -> RunnerSession {
        let task = try running()
        switch task {
        case .session(let session): return session
        case .starting(let task): return try await task.value.get()
        }
    }

    private enum Running {
        case session(RunnerSession)
        case starting(Task<Result<RunnerSession, PluginError>, Never>)
    }

    private func running() throws(PluginError) -> Running {
        try state.withLock { state throws(PluginError) in
            if let session = state.session, session.isAlive { return .session(session) }
            if let starting = state.starting { return .starting(starting) }
            guard !state.isStopped else {
                throw PluginError(.cancelled, "The plugin \(manifest.id) is not used any more.")
            }
            try checkMayStart(state)
            let task = Task { await self.start() }
            state.starting = task
            return .starting(task)
        }
    }

    private func checkMayStart(_ state: State) throws(PluginError) {
        let happened = state.lastCrash ?? "has crashed"
        guard let next = policy.nextStart(after: state.crashes) else {
            let words =
                "The plugin \(manifest.id) \(happened). That was the last of \(policy.limit) times within an hour, so it is "
                + "not started again by itself. Look into the log, then retry it: POST /api/plugins/\(manifest.id)/retry."
            throw PluginError(.pluginCrashed, words)
        }
        let now = MonotonicTime.now
        guard now < next else { return }
        let seconds = Int((next - now) / 1_000_000_000) + 1
        let words = "The plugin \(manifest.id) \(happened). It is started again in \(seconds) s."
        throw PluginError(.pluginCrashed, words, retryAfter: seconds)
    }

    private func start() async -> Result<RunnerSession, PluginError> {
        let generation = state.withLock { state in
            state.generation += 1
            return state.generation
        }
        do throws(PluginRefusal) {
            // The process looks as well, just before it opens the file by its name: by that name the file finds the
            // libraries that lie beside it, so it cannot be opened by a descriptor.
            guard isFileUnchanged else { throw exchanged }
            let (session, hello) = try await RunnerSession.start(
                program,
                candidate,
                expecting: file,
                within: Self.loadingLimit,
                listener: RunnerListener(line: line) { [weak self] end in self?.sessionEnded(generation, end) }
            )
            return take(session, hello)
        } catch {
            state.withLock { $0.starting = nil }
            changed()
            return .failure(PluginError(error.state == .quarantined ? .pluginCrashed : .internal, error.reason))
        }
    }

    private func take(
        _ session: RunnerSession,
        _ hello: RunnerHello
    ) -> Result<RunnerSession, PluginError> {
        let isSame =
            hello.manifest.id == manifest.id && hello.manifest.version == manifest.version && isFileUnchanged
        let isWanted = state.withLock { state in
            state.starting = nil
            guard isSame, !state.isStopped else { return false }
            state.session = session
            return true
        }
        // Whoever wanted it may have left while it was started.
        endSoonIfUnused()
        changed()
        guard isWanted else {
            session.stop()
            let words =
                isSame
                ? "The plugin \(manifest.id) is not used any more."
                : exchanged.reason
            return .failure(PluginError(.unsupported, words))
        }
        // One that ended before it was known has nobody else who would notice.
        if !session.isAlive { return .failure(PluginError(.pluginCrashed, "The plugin \(manifest.id) has crashed.")) }
        return .success(session)
    }

    private var isFileUnchanged: Bool {
        file.map { PluginFileStatus(candidate.path)?.isSameContent(as: $0) == true } ?? true
    }

    private var exchanged: PluginRefusal {
        let reason = "\(path) holds another plugin or version by now; it is looked at again when the folder rests."
        return PluginRefusal(.failed, .truncated, reason)
    }

    private func sessionEnded(_ generation: Int, _ end: RunnerEnd) {
        let instances = state.withLock { state -> [IsolatedInstance] in
            if state.generation == generation { state.session = nil }
            guard end.isCrash else { return [] }
            Self.note(end.words, &state)
            return Array(state.instances.values)
        }
        changed()
        guard end.isCrash else { return }
        // Instances that have something to tell, and not only to answer, are wanted back without a call.
        Task { await self.bringBack(instances) }
    }

    private static func note(_ words: String, _ state: inout State) {
        state.crashes.append(MonotonicTime.now)
        state.lastCrash = words
        if state.crashes.count > 1000 { state.crashes.removeFirst(500) }
    }

    private func bringBack(_ instances: [IsolatedInstance]) async {
        let next = state.withLock { policy.nextStart(after: $0.crashes) }
        guard let next, !instances.isEmpty else { return }
        let now = MonotonicTime.now
        if next > now { try? await Task.sleep(for: .nanoseconds(Int64(next - now))) }
        for instance in instances { try? await instance.connect() }
    }

    /// Takes an instance that was ended out of the list.
    func ended(_ instance: IsolatedInstance) {
        state.withLock { $0.instances[ObjectIdentifier(instance)] = nil }
        endSoonIfUnused()
    }

    private func endSoonIfUnused() {
        let uses = state.withLock { $0.isUnused && $0.session != nil ? $0.uses : nil }
        guard let uses else { return }
        Task {
            try? await Task.sleep(for: Self.linger)
            self.stopIfUnused(since: uses)
        }
    }

    private func stopIfUnused(since uses: Int) {
        let session = state.withLock { state -> RunnerSession? in
            guard state.uses == uses, state.isUnused else { return nil }
            return state.session.take()
        }
        session?.stop()
    }
}
