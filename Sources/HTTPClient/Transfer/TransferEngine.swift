import CCurl
import Glibc
import Synchronization

/// The way from any thread to the one thread that runs libcurl.
///
/// The thread starts with the first request and ends at shut-down, or when there was nothing to do for a while: then
/// the idle connections and the memory of libcurl go with it.
final class TransferEngine: Sendable {
    enum Command: Sendable {
        case start(TransferOrder)
        /// The caller no longer waits.
        case cancel(any TransferSink)
        /// There is room again for the body of a transfer that paused.
        case resume(any TransferSink)
    }

    /// What the thread does next.
    enum Instruction: Equatable { case work, end }

    private struct State {
        var inbox: [Command] = []
        /// Whether there is a thread that takes commands; it says itself, under the lock, when it no longer does.
        var isRunning = false
        /// A thread that runs or has ended, and that nobody has joined.
        var thread: pthread_t?
        var isShutDown = false
    }

    let configuration: HTTPClient.Configuration
    /// Costs a descriptor from the start, and lives longer than the thread, which holds the engine.
    let wakeUp = WakeUp()
    private let state = Mutex(State())

    init(configuration: HTTPClient.Configuration) {
        self.configuration = configuration
    }

    /// Whether the thread is there.
    var isRunning: Bool { state.withLock { $0.isRunning } }

    /// Starts an exchange, and the thread if need be; its sink learns the outcome.
    func start(_ order: TransferOrder) {
        let result = state.withLock { state -> Result<Bool, HTTPClientError> in
            if state.isShutDown { return .failure(.shutDown) }
            if !state.isRunning, !startThread(&state) { return .failure(.outOfResources) }
            return .success(Self.deliver(.start(order), &state))
        }
        switch result {
        case .success(let isFirst): if isFirst { wakeUp.signal() }
        case .failure(let error): order.sink.fail(error)
        }
    }

    /// Passes a command on, if there is a thread that could have anything to do with it.
    func post(_ command: Command) {
        let isFirst = state.withLock { $0.isRunning && Self.deliver(command, &$0) }
        if isFirst { wakeUp.signal() }
    }

    /// Fails every open exchange with `.cancelled` and waits until the thread has ended.
    ///
    /// The loop never blocks on the network, so that takes milliseconds.
    func shutDown() {
        let thread = state.withLock { state -> pthread_t? in
            state.isShutDown = true
            defer { state.thread = nil }
            return state.thread
        }
        wakeUp.signal()
        guard let thread else { return }
        // A caller that runs on the thread itself, through an executor that resumes tasks in place, cannot wait for it.
        if pthread_equal(thread, pthread_self()) == 0 { pthread_join(thread, nil) } else { pthread_detach(thread) }
    }

    /// Moves the waiting commands to `commands`, which must be empty; called by the thread.
    ///
    /// - Parameter mayEnd: Whether the thread ends when there are no commands.
    func collect(into commands: inout [Command], mayEnd: Bool) -> Instruction {
        state.withLock { state in
            swap(&commands, &state.inbox)
            guard state.isShutDown || (mayEnd && commands.isEmpty) else { return .work }
            state.isRunning = false
            return .end
        }
    }

    /// Puts the command into the inbox.
    ///
    /// - Returns: Whether to wake the thread up: it empties the inbox before it sleeps, so only the first command has to.
    private static func deliver(_ command: Command, _ state: inout State) -> Bool {
        state.inbox.append(command)
        return state.inbox.count == 1
    }

    private func startThread(_ state: inout State) -> Bool {
        guard wakeUp.descriptor >= 0, Self.libraryIsReady, let multi = curl_multi_init() else { return false }
        // One that ended for lack of work no longer takes the lock, so that waiting for it here is safe and short.
        if let former = state.thread { pthread_join(former, nil) }
        state.thread = nil
        let loop = Unmanaged.passRetained(TransferLoop(engine: self, multi: multi))
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, { TransferEngine.run($0) }, loop.toOpaque())
        guard result == 0 else {
            loop.release()
            curl_multi_cleanup(multi)
            return false
        }
        state.thread = thread
        state.isRunning = true
        return true
    }

    /// The thread's body; takes over the reference that `startThread` made.
    private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        // OpenSSL writes to sockets in a way that raises SIGPIPE, and no other signal has business here either.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }

    /// libcurl's own set-up, once in a process and safe from any thread since 7.84.
    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
