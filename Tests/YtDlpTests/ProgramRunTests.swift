import Glibc
import Testing

@testable import YtDlp

@Suite("Programs", .timeLimit(.minutes(1)))
struct ProgramRunTests {
    private func shell(_ script: String, input: String = "", limit: Duration? = nil) -> Launch {
        var launch = Launch(program: "/bin/sh", environment: ["PATH=/usr/bin:/bin"], folder: "/")
        launch.arguments = ["-c", script]
        launch.input = input
        launch.limit = limit
        return launch
    }

    private func run(_ script: String, input: String = "", limit: Duration? = nil, most: Int = 1 << 20) async throws
        -> ProgramRun.Output
    {
        try await ProgramRun.output(of: shell(script, input: input, limit: limit), most: most)
    }

    /// Whether a process has ended, at the latest in a moment: the kernel ends it when it has time.
    private func isGone(_ process: pid_t) -> Bool {
        (0..<1000).contains { _ in
            guard let line = PrivateFile.read("/proc/\(process)/stat") else { return true }
            let state = String(decoding: line, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first
            // What nobody has taken leave of yet is not there either.
            return state == "Z" || state == "X" || poll(nil, 0, 2) != 0
        }
    }

    @Test("read their input and write what is kept apart")
    func streams() async throws {
        let result = try await run("cat; echo bad >&2; exit 3", input: "hello")
        #expect(String(decoding: result.output, as: UTF8.self) == "hello" && result.errorText == "bad\n")
        #expect(result.ending.code == 3 && result.ending.cause == nil)
    }

    @Test("have the environment that they are given, and nothing else")
    func environment() async throws {
        let result = try await run("env | cut -d= -f1 | sort | tr '\\n' ' '")
        // The shell adds its own two.
        #expect(String(decoding: result.output, as: UTF8.self) == "PATH PWD ")
    }

    @Test("are ended together with what they have started when they take too long")
    func tooLong() async throws {
        let result = try await run("sleep 600 & echo $!; wait", limit: .milliseconds(300))
        #expect(result.ending.cause == .tookTooLong)
        let child = try #require(pid_t(String(decoding: result.output, as: UTF8.self).filter(\.isNumber)))
        #expect(isGone(child))
    }

    @Test("are ended by force when they do not listen")
    func deaf() async throws {
        let result = try await run("trap '' TERM; while :; do sleep 1; done", limit: .milliseconds(200))
        #expect(result.ending.code == 128 + SIGKILL)
    }

    @Test("leave nothing behind when they end by themselves")
    func leftovers() async throws {
        let result = try await run("sleep 600 >/dev/null 2>&1 & echo $!")
        let child = try #require(pid_t(String(decoding: result.output, as: UTF8.self).filter(\.isNumber)))
        #expect(isGone(child))
    }

    @Test("that ask somebody on their terminal are ended, and what they asked is known")
    func question() async throws {
        let result = try await run("printf 'Password: ' >/dev/tty; read answer </dev/tty; echo $answer")
        #expect(result.ending.cause == .asked("Password: "))
    }

    @Test("that write without end are ended")
    func endless() async throws {
        let result = try await run("yes", most: 100_000)
        #expect(result.isCut && result.output.count == 100_000)
    }

    @Test("are ended with the task that waits for them")
    func cancelled() async throws {
        let task = Task { try await run("sleep 600") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("that are not there are a failure of the system")
    func missing() async throws {
        let launch = Launch(program: "/nothing/there", environment: [], folder: "/")
        let failure = await #expect(throws: SystemFailure.self) { try await ProgramRun.output(of: launch, most: 1) }
        #expect(failure?.code == ENOENT)
    }
}
