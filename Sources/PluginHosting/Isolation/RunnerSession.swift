package import FoundationEssentials
package import PluginAPI
import Synchronization

/// One runner, from its start to its end, as the server sees it.
///
/// The runner is not trusted: whatever it sends or leaves undone, callers get an answer in time, and nothing here waits
/// for it. When it ends, open calls fail with `.pluginCrashed`.
package final class RunnerSession: Sendable {
    /// Calls that a runner may leave unanswered before it is ended.
    static let openCallLimit = 4096
    /// Bytes that are kept for a runner that does not read.
    static let keptLimit = 300 << 20
    /// Nanoseconds that a process without a connection is given to end by itself.
    static let grace: UInt64 = 2_000_000_000
    /// How long a runner that says nothing may leave a call unanswered that was given up, in seconds.
    static let silenceLimit = 30

    struct State {
        /// Whoever waits for the first frame.
        var starting: UnsafeContinuation<Result<RunnerHello, PluginRefusal>, Never>?
        var process: RunnerProcess?
        var end: RunnerEnd?
        /// Why the server is ending the process, if it is.
        var reason: RunnerEnd?
        var hosts: [UInt32: HostedInstance] = [:]
        var lastInstance: UInt32 = 0
    }

    let plugin: String
    let listener: RunnerListener
    let state: Mutex<State>
    let writer = Mutex<FrameWriter?>(nil)
    let open = OpenCalls()
    private let lastCall = Atomic<UInt64>(0)
    /// When the runner last sent a frame, on the monotonic clock.
    let lastSign = Atomic<UInt64>(0)
    let wake = WakeUp()
    let logGate = Mutex(FloodGate())

    private init(_ plugin: String, _ listener: RunnerListener) {
        self.plugin = plugin
        self.listener = listener
        state = Mutex(State())
    }

    /// Starts a runner for `candidate`, and waits until it has loaded the plugin.
    ///
    /// - Parameters:
    ///   - expected: the file that was looked at; nothing of another one is run. `nil` takes what is there.
    ///   - limit: how long that may take.
    /// - Throws: why the plugin cannot be used; a crash or a hang while it is loaded is `.quarantined`.
    package static func start(
        _ program: RunnerProgram,
        _ candidate: PluginCandidate,
        expecting expected: PluginFileStatus? = nil,
        within limit: Duration,
        listener: RunnerListener
    ) async throws(PluginRefusal) -> (session: RunnerSession, hello: RunnerHello) {
        let session = RunnerSession(candidate.id, listener)
        DeadlineWatch.shared.add(session)
        let result = await withUnsafeContinuation { continuation in
            session.state.withLock { $0.starting = continuation }
            let until = MonotonicTime.after(limit)
            // The process ends with the thread that starts it, so that is the thread that serves it.
            let hasThread = SystemThread.start { session.run(program, candidate, expected, until: until) }
            if !hasThread {
                session.finishStart(.failure(Self.noThread(candidate.path)))
                session.finish(.stopped)
            }
        }
        switch result {
        case .success(let hello): return (session, hello)
        case .failure(let refusal):
            session.stop()
            throw refusal
        }
    }

    // MARK: State

    /// Whether calls can be made.
    package var isAlive: Bool { state.withLock { $0.end == nil && $0.reason == nil } }

    /// The number of the process while there is one.
    package var processID: Int32? { state.withLock { $0.end == nil ? $0.process?.id : nil } }

    /// How many calls the runner has not answered, whether or not somebody waits.
    var openCount: Int { open.count }

    /// Ends the runner without waiting for that: at first by closing the connection, then by force.
    package func stop() {
        end(because: .stopped)
    }

    // MARK: Calling

    /// Makes an instance.
    ///
    /// - Returns: the number that stands for it in `call` and `destroy`.
    /// - Throws: what the plugin says about the settings, `.deadlineExceeded`, `.pluginCrashed`.
    package func create(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> UInt32 {
        let number = state.withLock { state in
            // 24 bits of the number are part of every call's id.
            repeat {
                state.lastInstance = (state.lastInstance + 1) & 0xFF_FFFF
            } while state.lastInstance == 0 || state.hosts[state.lastInstance] != nil
            state.hosts[state.lastInstance] = HostedInstance(host)
            return state.lastInstance
        }
        do throws(PluginError) {
            _ = try await call(.create, number, OutgoingCall(method: "create", json: settings, deadline: limit))
            return number
        } catch {
            // One that was made too late is ended as soon as it is there.
            _ = send(Frame(.destroy, instance: number))
            forget(number)
            throw error
        }
    }

    /// Calls a method of an instance.
    package func call(
        _ instance: UInt32,
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let call = OutgoingCall(method: method, json: json, attachment: attachment, deadline: deadline)
        return try await self.call(.invoke, instance, call)
    }

    /// Ends an instance: answers whoever still waits with `.cancelled`, and asks the plugin to close it.
    package func destroy(_ instance: UInt32, within limit: Duration) async {
        for id in open.waiting where id.instance == instance { giveUp(id, Self.endedInstance) }
        let call = OutgoingCall(method: "destroy", json: WireJSON.emptyObject, deadline: limit)
        do throws(PluginError) {
            _ = try await self.call(.destroy, instance, call)
        } catch {
            if isAlive { log(.warning, "The plugin did not end an instance in order: \(error.message)", of: instance) }
        }
        forget(instance)
    }

    /// Has the plugin change stored settings; no instance is needed for that.
    package func migrate(
        _ settings: Data,
        from version: Int,
        within limit: Duration
    ) async throws(PluginError) -> Data {
        // No instance has the number 0.
        try await call(.migrate, 0, OutgoingCall(method: String(version), json: settings, deadline: limit)).json
    }

    private func call(
        _ kind: Frame.Kind,
        _ instance: UInt32,
        _ call: OutgoingCall
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let id = CallID(instance: instance, count: lastCall.add(1, ordering: .relaxed).newValue)
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                begin(kind, id, call, .caller(continuation))
                // A cancellation that came before `begin` named a call that was not open yet.
                if Task.isCancelled { giveUp(id, Self.cancelled) }
            }
        } onCancel: {
            giveUp(id, Self.cancelled)
        }
        return try result.get()
    }

    private func begin(_ kind: Frame.Kind, _ id: CallID, _ call: OutgoingCall, _ receiver: OpenCalls.Receiver) {
        let deadline = MonotonicTime.after(call.deadline)
        guard open.open(id, call, deadline: deadline, limit: Self.openCallLimit, receiver: receiver) else {
            end(because: .silent(Self.silenceLimit))
            return receiver.receive(.failure(crashed))
        }
        // Looked at when the call is open: a runner that ends later answers the calls that it finds.
        guard isAlive else { return _ = open.abandon(id, crashed) }
        DeadlineWatch.shared.watch(deadline: deadline)
        guard let message = open.start(id) else { return }
        var frame = Frame(kind, instance: id.instance, call: id.number)
        frame.deadline = message.milliseconds
        frame.method = message.method
        frame.json = message.json
        frame.attachment = message.attachment
        if !send(frame) {
            let words = "The plugin \(plugin) does not take the message: it is too large, or the plugin does not read."
            _ = open.reply(id, .failure(PluginError(.internal, words)))
        }
    }

    func giveUp(_ id: CallID, _ error: PluginError) {
        if open.abandon(id, error) { _ = send(Frame(.cancel, instance: id.instance, call: id.number)) }
    }

    func send(_ frame: Frame) -> Bool {
        guard let writer = writer.withLock({ $0 }) else { return false }
        defer { if writer.hasKept { wake.signal() } }
        return writer.send(frame)
    }

    private func forget(_ instance: UInt32) {
        state.withLock { $0.hosts.removeValue(forKey: instance) }?.end()
    }

    func host(_ instance: UInt32) -> HostedInstance? { state.withLock { $0.hosts[instance] } }

    func log(_ level: LogLevel, _ message: String, of instance: UInt32) {
        host(instance)?.endpoint.log(level, message, fields: ["plugin": .string(plugin)])
    }
}
