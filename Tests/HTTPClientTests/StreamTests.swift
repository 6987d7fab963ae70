import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import HTTPClient

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    let client = HTTPClient()

    /// Serves `megabytes` MiB, each filled with its number, and counts what it could send.
    private func bigServer(
        _ megabytes: Int,
        sent: Counter = Counter(),
        closed: Event = Event()
    ) throws -> ScriptedServer {
        try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(megabytes << 20)\r\nX-A: b\r\n\r\n")
            for number in 0..<megabytes {
                guard connection.send([UInt8](repeating: UInt8(number), count: 1 << 20)) else {
                    closed.fire()
                    return false
                }
                sent.increment()
            }
            return true
        }
    }

    @Test func `streams 50 MB to a slow consumer in bounded memory`() async throws {
        let sent = Counter()
        let server = try bigServer(50, sent: sent)
        let stream = try await client.stream(.init(url: server.url("/big")))
        #expect(stream.status == 200)
        #expect(stream.header("x-a") == "b")
        #expect(stream.url == server.url("/big"))
        var (count, isRight, largest, ahead) = (0, true, 0, 0)
        for try await chunk in stream {
            isRight = isRight && chunk.first == UInt8(count >> 20)
            count += chunk.count
            isRight = isRight && chunk.last == UInt8((count - 1) >> 20)
            largest = max(largest, chunk.count)
            ahead = max(ahead, sent.value - (count >> 20))
            for _ in 0..<20 { await Task.yield() }
        }
        #expect(count == 50 << 20)
        #expect(isRight)
        #expect(largest <= 512 << 10)
        // What is neither taken nor in our buffer lies in the sockets of the kernel, which hold a few MiB on loopback.
        #expect(ahead < 25)
    }

    @Test func `stops reading while nobody takes`() async throws {
        let (sent, closed) = (Counter(), Event())
        let server = try bigServer(200, sent: sent, closed: closed)
        do {
            var request = HTTPClientRequest(url: server.url())
            request.maxBodyBytes = .max
            let stream = try await client.stream(request)
            var iterator = stream.makeAsyncIterator()
            #expect(try await iterator.next()?.isEmpty == false)
            // Other requests go on meanwhile.
            let other = try ScriptedServer { $1.respond() }
            for _ in 0..<200 { _ = try await client.send(.init(url: other.url())) }
        }
        // The stream is gone, so the connection goes too, long before its end.
        try await closed.wait()
        #expect(sent.value < 100)
    }

    @Test func `hands over the head before there is a body, and pieces as they come`() async throws {
        let (first, second) = (Gate(), Gate())
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            first.pass()
            connection.send("3\r\nabc\r\n")
            second.pass()
            return connection.send("0\r\n\r\n")
        }
        let stream = try await client.stream(.init(url: server.url()))
        #expect(stream.status == 200)
        first.open()
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next() == Data("abc".utf8))
        second.open()
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
    }

    @Test func `throws when the body breaks off, after the bytes that came are refused or taken`() async throws {
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            return false
        }
        let stream = try await client.stream(.init(url: server.url()))
        let error = await failure { () throws(HTTPClientError) in
            for try await chunk in stream { #expect(chunk == Data("abc".utf8)) }
        }
        #expect(error?.code == .interrupted)
    }

    @Test func `throws tooLarge as soon as the limit is passed`() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        )
        var request = HTTPClientRequest(url: server.url())
        request.maxBodyBytes = 10
        let error = await failure { () throws(HTTPClientError) in
            for try await _ in try await client.stream(request) {}
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func `ends when the reading task is cancelled`() async throws {
        let closed = Event()
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
            connection.waitForClose()
            closed.fire()
            return false
        }
        let stream = try await client.stream(.init(url: server.url()))
        let task = Task { await failure { () throws(HTTPClientError) in for try await _ in stream {} } }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        try await closed.wait()
    }

    @Test func `fails an open stream at shut-down`() async throws {
        let server = try bigServer(50)
        let stream = try await client.stream(.init(url: server.url()))
        client.shutDown()
        let error = await failure { () throws(HTTPClientError) in for try await _ in stream {} }
        #expect(error?.code == .cancelled)
    }

    @Test func `gives an empty body at once`() async throws {
        let server = try ScriptedServer { $1.respond("204 No Content") }
        var iterator = try await client.stream(.init(url: server.url())).makeAsyncIterator()
        #expect(try await iterator.next() == nil)
    }
}
