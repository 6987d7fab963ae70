internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// Makes the library notice clients that closed their sending side together with their last bytes.
///
/// The library waits for edges: when data and the end come as one event it reads the data and never hears of the end,
/// so it would keep the connection until the idle timeout. Shutting the reading side, which is over anyway, makes the
/// kernel report the event once more. A moment passes first, so that the report is not merged with the one that the
/// library is just working on.
///
/// That closes idle connections and ends the streams of clients that have left. A connection that is set aside stays as
/// it is until its handler has answered: the library does not look at it meanwhile.
///
/// The set of live sockets is changed by the library's own callbacks before it closes one, so no other socket is ever
/// touched.
final class HangupWatch: Sendable {
    private struct State {
        var live: Set<Int32> = []
        var due: [(socket: Int32, time: ContinuousClock.Instant, round: Int)] = []
    }

    /// Readable when a client has hung up.
    let descriptor: Int32
    private let state = Mutex(State())
    private static let delays: [Duration] = [.milliseconds(20), .milliseconds(500), .seconds(5)]

    init() throws {
        descriptor = mhd_watch_create()
        guard descriptor >= 0 else { throw ServerStartError("Cannot start: too many files are open.") }
    }

    deinit {
        close(descriptor)
    }

    /// Watches a connection from now on.
    func opened(_ socket: Int32) {
        state.withLock { state in
            state.live.insert(socket)
            mhd_watch_add(descriptor, socket)
        }
    }

    /// Forgets a connection, whose socket is about to be closed.
    func closed(_ socket: Int32) {
        state.withLock { state in
            state.live.remove(socket)
            state.due.removeAll { $0.socket == socket }
        }
    }

    /// Takes the news and does what is due; returns the milliseconds until the next time, -1 for none.
    func work() -> Int32 {
        var sockets = [Int32](repeating: -1, count: 64)
        let count = Int(mhd_watch_take(descriptor, &sockets))
        let reported = sockets[..<count]
        return state.withLock { state in
            let now = ContinuousClock.now
            for socket in reported where state.live.contains(socket) {
                state.due.append((socket, now + Self.delays[0], 0))
            }
            for index in state.due.indices where state.due[index].time <= now {
                shutdown(state.due[index].socket, Int32(SHUT_RD))
                state.due[index].round += 1
                if state.due[index].round < Self.delays.count {
                    state.due[index].time = now + Self.delays[state.due[index].round]
                }
            }
            state.due.removeAll { $0.round >= Self.delays.count }
            guard let next = state.due.map(\.time).min() else { return -1 }
            return Int32(clamping: Int64((next - now) / .milliseconds(1)) + 1)
        }
    }
}
