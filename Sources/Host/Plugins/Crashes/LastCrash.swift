import FoundationEssentials
import Glibc

/// A plugin in whose code the server's last run ended.
struct LastCrash: Hashable, Sendable {
    /// How the process ended.
    enum Cause: Hashable, Sendable {
        /// A signal of that number that came from the plugin's own code.
        case signal(Int32)
        /// The plugin has ended the process with that code, by `exit` or `_exit`.
        case exit(Int32)
        /// Without a word: the process was killed, or the plugin has kept the server from seeing how it crashed.
        case sudden
    }

    /// What the plugin was doing.
    enum Phase: String, Sendable {
        /// It was being loaded.
        case loading
        /// It was being called by the server.
        case calling
        /// It was working on a thread or in a task of its own.
        case background
    }

    /// As its folder names it, which is known before the plugin is loaded.
    let id: String
    /// SHA-256 of its file in hexadecimal digits, empty when the file could not be read.
    let sha256: String
    private(set) var cause: Cause
    let phase: Phase
    /// Whether the server was being stopped, so that nothing but its exit code was spoiled.
    let whileEnding: Bool
    /// When the process ended; unknown for a sudden end.
    private(set) var time: Date?

    /// Whether it was the plugin without a doubt.
    ///
    /// Otherwise it was running when the process ended, which is no proof: a person or the system may have killed it.
    var isCertain: Bool { cause != .sudden }

    /// What happened, in a sentence for a person.
    var words: String {
        let when = time.map { " on \($0.ISO8601Format())" } ?? ""
        switch cause {
        case .signal(let number):
            return "The plugin \(id) crashed the server\(when) \(occasion): \(Self.name(ofSignal: number))."
        case .exit(let code):
            return "The plugin \(id) ended the server\(when) \(occasion): it called exit with code \(code)."
        case .sudden:
            return "The server ended without a word \(occasion) of the plugin \(id), or was killed then."
        }
    }

    /// The same with what is known of the end of the process.
    func dated(_ cause: Cause, _ time: Date) -> LastCrash {
        var crash = self
        (crash.cause, crash.time) = (cause, time)
        return crash
    }

    private var occasion: String {
        let end = whileEnding ? ", when the server was being stopped" : ""
        return switch (phase, cause) {
        case (.loading, .sudden): "during the loading" + end
        case (.calling, .sudden): "during a call" + end
        case (.background, .sudden): "during the work" + end
        case (.loading, _): "while it was loaded" + end
        case (.calling, _): "while it was called" + end
        case (.background, _): "on a thread of its own" + end
        }
    }

    /// Name and meaning of a signal, for example "SIGSEGV (access to memory that is not there)".
    static func name(ofSignal number: Int32) -> String {
        switch number {
        case SIGSEGV: "SIGSEGV (access to memory that it may not use, or a stack that is full)"
        case SIGBUS: "SIGBUS (access to memory that is not there)"
        case SIGILL: "SIGILL (a failed check, or an instruction that the processor does not have)"
        case SIGFPE: "SIGFPE (a division by zero)"
        case SIGABRT: "SIGABRT (it gave up, often after a failed check)"
        case SIGTRAP: "SIGTRAP (a failed check)"
        case SIGSYS: "SIGSYS (a forbidden system call)"
        default: "signal \(number)"
        }
    }
}

/// How the server's last run ended, as far as its memory of that goes.
struct LastRun: Hashable, Sendable {
    /// The plugins in whose code it ended; at most one unless the end was sudden.
    var crashes: [LastCrash] = []
    /// What happened, in a sentence, when it crashed and no plugin's code was running.
    var fault: String?
}
