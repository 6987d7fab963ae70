import Dispatch

/// Runs work that waits for the disk, or for code of others, on threads of its own: the few threads that run tasks
/// must never wait.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "kinodock.blocking", attributes: .concurrent)

    static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }

    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
