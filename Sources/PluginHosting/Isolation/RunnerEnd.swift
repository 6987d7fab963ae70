import Glibc

/// How a runner has ended.
package enum RunnerEnd: Hashable, Sendable {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)
    /// The server ended it: it did not answer for so many seconds.
    case silent(Int)
    /// The server ended it: it was not loaded in time.
    case slow
    /// The server ended it: it sent something that is no message.
    case garbled
    /// The server ended it, because nobody needed it any more.
    case stopped

    /// Whether the plugin is to blame.
    package var isCrash: Bool { self != .stopped }

    /// What has happened, for people; to follow the plugin's name.
    package var words: String {
        switch self {
        case .exited(let code): "has ended its process by itself, with code \(code)"
        case .signalled(let signal): "has crashed: signal \(signal), \(Self.name(of: signal))"
        case .silent(let seconds):
            "did not answer for \(seconds) seconds after it was asked to give a call up, so its process was ended"
        case .slow: "was not loaded in time, so its process was ended"
        case .garbled: "has disturbed the connection to the server, so its process was ended"
        case .stopped: "was stopped"
        }
    }

    private static func name(of signal: Int32) -> String {
        switch signal {
        case SIGSEGV: "an access to memory that is not there (SIGSEGV)"
        case SIGABRT: "it gave up (SIGABRT)"
        case SIGILL, SIGTRAP: "a failed check or an illegal instruction (\(signal == SIGILL ? "SIGILL" : "SIGTRAP"))"
        case SIGBUS: "an access to memory that cannot be reached (SIGBUS)"
        case SIGFPE: "an impossible calculation (SIGFPE)"
        case SIGKILL: "it was killed, perhaps because memory ran out (SIGKILL)"
        case SIGTERM: "it was asked to end (SIGTERM)"
        case SIGPIPE: "it wrote to something that is closed (SIGPIPE)"
        default: strsignal(signal).map { String(cString: $0) } ?? "unknown"
        }
    }
}
