import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The threads of a plugin", .timeLimit(.minutes(1)))
struct CallThreadsTests {
    @Test("refuse work when too much waits already, and do the rest in order")
    func waitingLimit() async {
        let threads = CallThreads(limit: 1, waitingLimit: 2)
        let (started, hold) = (AsyncStream.makeStream(of: Void.self), Semaphore())
        let done = AsyncStream.makeStream(of: Int.self)
        let first = threads.run {
            started.continuation.yield()
            hold.wait()
        }
        for await _ in started.stream { break }
        let accepted = (1...3).map { number in threads.run { done.continuation.yield(number) } }
        #expect(first && accepted == [true, true, false])
        hold.signal()
        var order: [Int] = []
        for await number in done.stream {
            order.append(number)
            if order.count == 2 { break }
        }
        #expect(order == [1, 2])
        #expect(threads.run {})
    }

    @Test("do all of much work, each job once")
    func muchWork() async {
        let threads = CallThreads(limit: 3, waitingLimit: 10_000)
        let done = AsyncStream.makeStream(of: Int.self)
        for number in 0..<5000 { #expect(threads.run { done.continuation.yield(number) }) }
        var numbers: Set<Int> = []
        for await number in done.stream where numbers.insert(number).inserted && numbers.count == 5000 { break }
        #expect(numbers == Set(0..<5000))
    }
}

@Suite("The caller's own thread")
struct CallersThreadTests {
    @Test("lets one call in at a time")
    func one() {
        let thread = CallersThread()
        var inner: CallersThread.Outcome?
        let outer = thread.run { inner = thread.run {} }
        guard case .refused? = inner, case .done = outer, case .done = thread.run({}) else {
            Issue.record("\(outer), \(String(describing: inner))")
            return
        }
    }

    @Test("is not given any more to a plugin that kept it for too long")
    func slow() {
        let thread = CallersThread(patience: 0)
        guard case .tooSlow = thread.run({}), case .refused = thread.run({}) else {
            Issue.record("The plugin is still trusted.")
            return
        }
    }
}
