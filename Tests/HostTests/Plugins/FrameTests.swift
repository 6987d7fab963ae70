import FoundationEssentials
import Glibc
import Testing

@testable import PluginHosting

@Suite("Frames between server and runner", .timeLimit(.minutes(1)))
struct FrameTests {
    /// Two ends of a connection; what is written to one can be read at the other.
    private final class Connection: Sendable {
        let near: Int32
        let far: Int32

        init() {
            var ends: [Int32] = [-1, -1]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            (near, far) = (ends[0], ends[1])
            for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        }

        deinit {
            close(near)
            close(far)
        }

        func write(_ bytes: some Sequence<UInt8>) {
            let bytes = Array(bytes)
            #expect(bytes.withUnsafeBytes { send(near, $0.baseAddress, $0.count, 0) } == bytes.count)
        }
    }

    private func frame(_ kind: Frame.Kind = .invoke, json: String = "{}", attachment: Data? = nil) -> Frame {
        var frame = Frame(kind, instance: 7, call: 1 << 50)
        frame.deadline = 15_000
        frame.status = -3
        frame.method = "download.item"
        frame.json = Data(json.utf8)
        frame.attachment = attachment
        return frame
    }

    private func bytes(_ frame: Frame) throws -> [UInt8] {
        try #require(FrameHead.bytes(of: frame)) + Array(frame.json) + Array(frame.attachment ?? Data())
    }

    @Test("arrive as they were sent", arguments: [nil, Data(), Data([1, 2, 3])])
    func roundTrip(attachment: Data?) throws {
        let connection = Connection()
        let sent = frame(attachment: attachment)
        #expect(FrameWriter(connection.near, .waits).send(sent))
        var reader = FrameReader(connection.far)
        var received: [Frame] = []
        #expect(try reader.receive { received.append($0) } == .received)
        let frame = try #require(received.first)
        #expect(received.count == 1)
        #expect(frame.kind == sent.kind && frame.instance == sent.instance && frame.call == sent.call)
        #expect(frame.deadline == sent.deadline && frame.status == sent.status && frame.method == sent.method)
        #expect(frame.json == sent.json && frame.attachment == sent.attachment)
    }

    @Test("arrive whole, wherever the stream is cut")
    func cuts() throws {
        let stream = try bytes(frame(json: #"{"a":1}"#)) + bytes(frame(json: "{}", attachment: Data("bytes".utf8)))
        for cut in 1..<stream.count {
            let connection = Connection()
            var reader = FrameReader(connection.far)
            var received: [Frame] = []
            connection.write(stream[..<cut])
            #expect(try reader.receive { received.append($0) } == .received)
            connection.write(stream[cut...])
            #expect(try reader.receive { received.append($0) } == .received)
            #expect(received.map(\.json) == [Data(#"{"a":1}"#.utf8), Data("{}".utf8)])
            #expect(received.last?.attachment == Data("bytes".utf8))
        }
    }

    @Test("that are larger than what is usually read at once arrive too")
    func large() async throws {
        let connection = Connection()
        let sent = frame(attachment: Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
        let writing = Task.detached { FrameWriter(connection.near, .waits).send(sent) }
        var reader = FrameReader(connection.far)
        var received: [Frame] = []
        while received.isEmpty {
            var watched = pollfd(fd: connection.far, events: Int16(POLLIN), revents: 0)
            try #require(poll(&watched, 1, 10_000) == 1)
            _ = try reader.receive { received.append($0) }
        }
        #expect(await writing.value)
        #expect(received.first?.attachment == sent.attachment)
    }

    @Test("of an unknown kind, or with lengths that no frame has, are a fault", arguments: [0, 28, 32, 36])
    func garbage(offset: Int) throws {
        let connection = Connection()
        var stream = try bytes(frame(attachment: Data("x".utf8)))
        stream.replaceSubrange(offset..<offset + 4, with: [0xFE, 0xFF, 0xFF, 0x7F])
        connection.write(stream)
        var reader = FrameReader(connection.far)
        do {
            _ = try reader.receive { _ in Issue.record("That was no frame.") }
            Issue.record("There was no fault.")
        } catch FrameReader.Fault.notAFrame {
        }
    }

    @Test("that promise much take no more room than what has come")
    func promises() throws {
        let connection = Connection()
        var stream = try bytes(frame())
        stream.replaceSubrange(32..<36, with: [0, 0, 0, 0x10])
        connection.write(stream)
        var reader = FrameReader(connection.far)
        #expect(try reader.receive { _ in Issue.record("The frame is not complete.") } == .received)
        connection.write([1, 2, 3])
        #expect(try reader.receive { _ in Issue.record("The frame is not complete.") } == .received)
    }

    @Test("are not sent when they are too large")
    func tooLarge() {
        let connection = Connection()
        var frame = frame()
        frame.method = String(repeating: "m", count: FrameHead.longestMethod + 1)
        #expect(!FrameWriter(connection.near, .waits).send(frame))
    }

    @Test("are kept for one that does not read, up to a limit, and come in order later")
    func kept() throws {
        let connection = Connection()
        let writer = FrameWriter(connection.near, .keeps(1 << 20))
        var count = 0
        while writer.send(frame(json: "\(count)", attachment: Data(count: 10_000))), count < 1000 { count += 1 }
        #expect(count < 1000 && writer.hasKept)
        var reader = FrameReader(connection.far)
        var received: [String] = []
        for _ in 0..<10_000 where received.count < count {
            _ = try reader.receive { received.append(String(decoding: $0.json, as: UTF8.self)) }
            writer.flush()
        }
        #expect(received == (0..<count).map(String.init))
        #expect(!writer.hasKept)
    }

    @Test("are not sent to one that is gone")
    func gone() {
        let connection = Connection()
        #expect(shutdown(connection.near, Int32(SHUT_RDWR)) == 0)
        #expect(!FrameWriter(connection.near, .waits).send(frame()))
    }
}

@Suite("When a runner is started again")
struct RestartPolicyTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("is at once after the first crash, and later after each further one")
    func waits() {
        let policy = RestartPolicy()
        var crashes: [UInt64] = []
        var waits: [UInt64] = []
        for number in 1..<10 {
            crashes.append(UInt64(number) * 100 * Self.second)
            waits.append((policy.nextStart(after: crashes) ?? 0) / Self.second - UInt64(number) * 100)
        }
        #expect(waits == [0, 1, 2, 4, 8, 15, 30, 60, 60])
    }

    @Test("is never after too many within an hour, and crashes of earlier hours do not count")
    func limit() {
        let policy = RestartPolicy()
        let many = (1...10).map { UInt64($0) * Self.second }
        #expect(policy.nextStart(after: many) == nil)
        #expect(policy.nextStart(after: many + [4000 * Self.second]) == 4000 * Self.second)
    }
}
