import PluginAPI
import Synchronization

extension ProgramRun {
    /// What a program wrote from its beginning to its end.
    struct Output: Sendable {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var ending = Ending(code: -1, cause: nil)
        /// Whether it wrote more than was taken.
        var isCut = false

        var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// Runs a program to its end; the end of the task ends the program.
    ///
    /// - Parameter most: bytes of standard output; a program that writes more is ended.
    static func output(of launch: Launch, most: Int) async throws -> Output {
        let collected = Mutex(Output())
        let running = Mutex<ProgramRun?>(nil)
        return try await withTaskCancellationHandler {
            let ending = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Ending, any Error>) in
                do throws(SystemFailure) {
                    let run = try start(launch) { stream, bytes in
                        let isTooMuch = collected.withLock { $0.take(bytes, from: stream, most: most) }
                        if isTooMuch { running.withLock { $0 }?.stop() }
                    } ended: {
                        done.resume(returning: $0)
                    }
                    running.withLock { $0 = run }
                    if Task.isCancelled { run.stop() }
                } catch {
                    done.resume(throwing: error)
                }
            }
            try Task.checkCancellation()
            var result = collected.withLock { $0 }
            result.ending = ending
            return result
        } onCancel: {
            running.withLock { $0 }?.stop()
        }
    }
}

private let mostErrors = 256 << 10

extension ProgramRun.Output {
    /// - Returns: whether there was too much.
    fileprivate mutating func take(_ bytes: ArraySlice<UInt8>, from stream: ProgramRun.Stream, most: Int) -> Bool {
        switch stream {
        case .errors:
            errors += bytes.prefix(max(0, mostErrors - errors.count))
            return false
        case .output:
            output += bytes.prefix(max(0, most - output.count))
            if output.count >= most { isCut = true }
            return isCut
        }
    }
}
