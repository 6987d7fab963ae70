import FoundationEssentials

/// The consumer's end of a streamed body; when it goes away, the exchange ends.
final class StreamBody: Sendable {
    private let buffer: StreamBuffer
    private let engine: TransferEngine

    init(buffer: StreamBuffer, engine: TransferEngine) {
        self.buffer = buffer
        self.engine = engine
    }

    deinit {
        Self.cancel(buffer, engine)
    }

    /// The next bytes, never empty, or `nil` when the body is complete.
    func next() async throws(HTTPClientError) -> Data? {
        let (buffer, engine) = (buffer, engine)
        let chunk = await withTaskCancellationHandler {
            await buffer.next { engine.post(.resume(buffer)) }
        } onCancel: {
            Self.cancel(buffer, engine)
        }
        return try chunk.get()
    }

    /// Without effect on an exchange that is complete.
    private static func cancel(_ buffer: StreamBuffer, _ engine: TransferEngine) {
        guard !buffer.isSettled else { return }
        buffer.fail(.cancelled)
        engine.post(.cancel(buffer))
    }
}
