import FoundationEssentials
import Synchronization

/// Holds the part of a streamed body that its consumer has not taken yet.
final class StreamBuffer: TransferSink {
    /// Where the connection pauses.
    ///
    /// One piece from libcurl (64 KiB at most) may come on top.
    static let highWater = 256 << 10

    private struct State {
        var pending = Data()
        var isPaused = false
        /// Set when nothing more will come; the failure if the body is not complete.
        var end: Result<Void, HTTPClientError>?
        var waiter: CheckedContinuation<Chunk, Never>?
    }

    typealias Chunk = Result<Data?, HTTPClientError>

    /// The head of the response and its address.
    let head = Reply<(ResponseHead, WebAddress)>()
    private let state = Mutex(State())

    var isSettled: Bool {
        state.withLock { $0.end != nil }
    }

    func began(_ head: ResponseHead, at address: WebAddress) {
        self.head.settle(.success((head, address)))
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let waiter: CheckedContinuation<Chunk, Never>?
        let accepts: Bool
        (waiter, accepts) = state.withLock { state in
            if state.end != nil { return (nil, true) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, true)
            }
            state.isPaused = state.pending.count >= Self.highWater
            if !state.isPaused { state.pending.append(contentsOf: bytes) }
            return (nil, !state.isPaused)
        }
        waiter?.resume(returning: .success(Data(bytes)))
        return accepts
    }

    func finished() {
        end(.success(()))
    }

    func fail(_ error: HTTPClientError) {
        head.settle(.failure(error))
        end(.failure(error))
    }

    /// Waits for the next bytes.
    ///
    /// - Parameter resume: Asks the engine to go on with a connection that had to pause.
    func next(resume: () -> Void) async -> Chunk {
        await withCheckedContinuation { continuation in
            let (chunk, wasPaused) = take(or: continuation)
            if wasPaused { resume() }
            if let chunk { continuation.resume(returning: chunk) }
        }
    }

    /// Takes what is there; when nothing is, the continuation stays for the engine's thread to resume, once.
    private func take(or continuation: CheckedContinuation<Chunk, Never>) -> (Chunk?, wasPaused: Bool) {
        state.withLock { state in
            if case .failure(let error) = state.end { return (.failure(error), false) }
            if !state.pending.isEmpty {
                var chunk = Data()
                swap(&chunk, &state.pending)
                defer { state.isPaused = false }
                return (.success(chunk), state.isPaused)
            }
            if state.end != nil { return (.success(nil), false) }
            guard state.waiter == nil else {
                return (.failure(HTTPClientError(.invalidRequest, "A streamed body has one reader at a time.")), false)
            }
            state.waiter = continuation
            return (nil, false)
        }
    }

    private func end(_ outcome: Result<Void, HTTPClientError>) {
        let waiter = state.withLock { state -> CheckedContinuation<Chunk, Never>? in
            guard state.end == nil else { return nil }
            state.end = outcome
            if case .failure = outcome { state.pending = Data() }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: outcome.map { nil })
    }
}
