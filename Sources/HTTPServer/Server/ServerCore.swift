internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// The part of a server that the library's callbacks see; it outlives the daemon.
final class ServerCore: Sendable {
    enum Stage {
        case running
        /// No new connections; streams end, other requests are finished.
        case draining
        /// Nothing may be set aside any more.
        case closing
    }

    private struct State {
        var stage = Stage.running
        var live: [ObjectIdentifier: any Endable] = [:]
    }

    let router: Router
    let accessLog: (@Sendable (AccessRecord) -> Void)?
    let isTLS: Bool
    let maxHeaderBytes: Int
    let maxBodyBytes: Int
    let hangups: HangupWatch
    private let state = Mutex(State())
    private let startMessages = Mutex<[String]?>([])

    init(_ configuration: HTTPServer.Configuration, _ router: Router, _ accessLog: (@Sendable (AccessRecord) -> Void)?)
        throws
    {
        hangups = try HangupWatch()
        self.router = router
        self.accessLog = accessLog
        isTLS = configuration.tls != nil
        maxHeaderBytes = configuration.maxHeaderBytes
        maxBodyBytes = configuration.maxBodyBytes
    }

    /// Enters work that a stop must know of and runs `action` in the same step; `false`, without either, once the
    /// server closes.
    func open(_ work: some Endable, _ action: () -> Void) -> Bool {
        state.withLock { state in
            guard state.stage != .closing else { return false }
            state.live[ObjectIdentifier(work)] = work
            action()
            return true
        }
    }

    /// Enters a stream; one that comes while the server stops is ended at once.
    func open(_ stream: some Endable) {
        let isRunning = state.withLock { state in
            state.live[ObjectIdentifier(stream)] = stream
            return state.stage == .running
        }
        if !isRunning { stream.end() }
    }

    /// Strikes work off.
    func closed(_ work: some Endable) {
        _ = state.withLock { $0.live.removeValue(forKey: ObjectIdentifier(work)) }
    }

    /// The amount of work in progress.
    var liveCount: Int { state.withLock { $0.live.count } }

    /// Whether new work is still welcome on connections that are open.
    var isRunning: Bool { state.withLock { $0.stage == .running } }

    /// Moves to a stage and ends what must not last into it.
    func enter(_ stage: Stage) {
        let ending = state.withLock { state in
            state.stage = stage
            return Array(state.live.values)
        }
        for work in ending where stage == .closing || work.isStream { work.end() }
    }

    /// Collects what the library says while it starts, then nothing.
    func note(_ message: String) {
        startMessages.withLock { $0?.append(message) }
    }

    /// What the library said so far; ends the collection.
    func takeStartMessages() -> String {
        startMessages.withLock { messages in
            defer { messages = nil }
            return (messages ?? []).joined(separator: " ")
        }
    }
}
