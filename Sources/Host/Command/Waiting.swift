import Dispatch
import Synchronization

/// Lets the main thread, which runs no tasks, wait for one.
enum Waiting {
    static func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) throws -> Result {
        let done = DispatchSemaphore(value: 0)
        let box = Box<Swift.Result<Result, any Error>>()
        Task {
            do { box.set(.success(try await body())) } catch { box.set(.failure(error)) }
            done.signal()
        }
        done.wait()
        guard let result = box.value else { throw CancellationError() }
        return try result.get()
    }

    /// - Returns: `false` when `seconds` have passed before `body` ended.
    static func run(seconds: Int, _ body: @escaping @Sendable () async -> Void) -> Bool {
        let done = DispatchSemaphore(value: 0)
        Task {
            await body()
            done.signal()
        }
        return done.wait(timeout: .now() + .seconds(seconds)) == .success
    }

    private final class Box<Value: Sendable>: Sendable {
        private let content = Mutex<Value?>(nil)
        var value: Value? { content.withLock { $0 } }
        func set(_ value: Value) { content.withLock { $0 = value } }
    }
}
