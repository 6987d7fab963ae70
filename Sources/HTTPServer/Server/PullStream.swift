internal import CMicroHTTPD
internal import Synchronization

/// Sends a `StreamBody`: one piece is in memory at a time, and the connection is set aside while the next is made.
///
/// `@unchecked Sendable`: the connection is touched only on its own thread, or to resume it while it is set aside, when
/// the library cannot free it.
final class PullStream: ResponseReader, Endable, @unchecked Sendable {
    private struct State {
        var piece: [UInt8] = []
        var taken = 0
        var isOver = false
        var failed = false
        var waiting = false
        var task: Task<Void, Never>?
    }

    let isStream = true
    private let body: StreamBody
    private let connection: OpaquePointer
    private let core: ServerCore
    private let state = Mutex(State())

    init(_ body: StreamBody, connection: OpaquePointer, core: ServerCore) {
        self.body = body
        self.connection = connection
        self.core = core
        core.open(self)
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: UInt64) -> Int {
        state.withLock { state in
            if state.taken < state.piece.count {
                let count = min(buffer.count, state.piece.count - state.taken)
                state.piece.withUnsafeBytes { bytes in
                    buffer.copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: bytes[state.taken..<(state.taken + count)])
                    )
                }
                state.taken += count
                return count
            }
            if state.failed { return MHDResponse.failure }
            // The library takes an early end of a known length as the end of the connection, which is what it is.
            if state.isOver { return MHDResponse.end }
            state.waiting = true
            MHD_suspend_connection(connection)
            state.task = Task { await self.pull() }
            return 0
        }
    }

    func close() {
        state.withLock { state in
            state.failed = true
            state.task?.cancel()
            state.task = nil
        }
        core.closed(self)
    }

    func end() {
        state.withLock { state in
            state.failed = true
            state.task?.cancel()
            resume(&state)
        }
    }

    private func pull() async {
        do {
            let piece = try await body.next() ?? []
            state.withLock { state in
                state.piece = piece
                state.taken = 0
                state.isOver = piece.isEmpty
                resume(&state)
            }
        } catch {
            state.withLock { state in
                state.failed = true
                resume(&state)
            }
        }
    }

    private func resume(_ state: inout State) {
        guard state.waiting else { return }
        state.waiting = false
        MHD_resume_connection(connection)
    }
}
