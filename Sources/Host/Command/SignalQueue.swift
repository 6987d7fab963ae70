import Glibc

/// Takes signals one after the other, outside of signal handlers, where anything may be done.
struct SignalQueue {
    private let set: sigset_t

    /// Keeps `signals` back from now on, for all threads that start later too: make it before any other thread.
    init(_ signals: [Int32]) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        self.set = set
    }

    /// Waits for the next signal.
    func next() -> Int32 {
        var set = set
        var signal: Int32 = 0
        while sigwait(&set, &signal) != 0 {}
        return signal
    }
}
