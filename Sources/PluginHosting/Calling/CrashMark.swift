import CCrashWitness

/// Notes that a thread runs the code of one plugin, in memory that outlives the process: should the process end there,
/// its next start can tell which plugin it was.
///
/// A call costs some nanoseconds for it.
package struct CrashMark: @unchecked Sendable {
    // Unchecked: the pointers lead to counters that stay mapped until the process ends and that are only added to in one
    // atomic step.
    private struct Counters {
        let slot: UInt32
        let loading: kinodock_witness_mark
        let calling: kinodock_witness_mark
    }

    private let counters: Counters?

    /// Notes nothing: for a process that runs one plugin only.
    package static let none = CrashMark(counters: nil)

    private init(counters: Counters?) {
        self.counters = counters
    }

    /// A mark for the plugin file that `slot` stands for.
    ///
    /// - Parameters:
    ///   - loading: counts threads that load it; must stay where it is until the process ends, as the other one.
    ///   - inside: counts threads that are in its functions.
    package init(slot: UInt32, loading: UnsafeMutablePointer<UInt32>, inside: UnsafeMutablePointer<UInt32>) {
        let loadingHere = (slot + 1) | UInt32(KINODOCK_WITNESS_LOADING) << 16
        let callingHere = (slot + 1) | UInt32(KINODOCK_WITNESS_CALLING) << 16
        counters = Counters(
            slot: slot,
            loading: kinodock_witness_mark(count: loading, here: loadingHere),
            calling: kinodock_witness_mark(count: inside, here: callingHere)
        )
    }

    /// Runs `body`, which brings the plugin into the process.
    package func load<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        guard let counters else { return try body() }
        let before = kinodock_witness_enter(counters.loading)
        defer { kinodock_witness_leave(counters.loading, before) }
        return try body()
    }

    /// Runs `body`, which calls a function of the plugin.
    @inline(__always)
    package func call<Result>(_ body: () -> Result) -> Result {
        guard let counters else { return body() }
        let before = kinodock_witness_enter(counters.calling)
        defer { kinodock_witness_leave(counters.calling, before) }
        return body()
    }

    /// Has crashes in the code of a library ascribed to the plugin, on whatever thread they come.
    ///
    /// - Parameter handle: from `dlopen`.
    package func covers(codeOf handle: UnsafeMutableRawPointer) {
        guard let counters else { return }
        kinodock_witness_code(handle, counters.slot)
    }

    /// Lets an overflow of the calling thread's stack be witnessed too.
    ///
    /// Costs next to nothing where it was done before. It is done for each thread of a plugin that calls the host, because
    /// the plugin has made it.
    package static func prepareThread() {
        kinodock_witness_thread()
    }
}
