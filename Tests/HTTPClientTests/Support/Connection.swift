import FoundationEssentials
import Glibc

/// The server's side of a connection in a test; used by one thread.
struct Connection: Sendable {
    let descriptor: CInt

    /// Sends all bytes; `false` when the client has gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends a complete response with a length.
    @discardableResult
    func respond(_ status: String = "200 OK", _ fields: [String] = [], body: [UInt8] = []) -> Bool {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + fields
        return send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }

    /// Blocks until the client closes the connection or the server goes away.
    func waitForClose() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }

    /// Makes the close that follows a reset instead of an orderly end.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Reads a request with its body; `nil` when the client has closed.
    ///
    /// `buffer` keeps what came too early.
    func readRequest(_ buffer: inout [UInt8]) -> ReceivedRequest? {
        while true {
            if let request = ReceivedRequest(takingFrom: &buffer) { return request }
            var portion = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(descriptor, &portion, portion.count, 0)
            guard count > 0 else { return nil }
            buffer.append(contentsOf: portion[..<count])
        }
    }
}

/// A request as it came over the wire.
struct ReceivedRequest: Sendable {
    let method: String
    let target: String
    let fields: [(name: String, value: String)]
    let body: Data

    /// Takes a complete request off the front of `buffer`, or answers `nil` and leaves it alone.
    init?(takingFrom buffer: inout [UInt8]) {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        method = String(words[0])
        target = String(words[1])
        fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (line[..<colon].lowercased(), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard buffer.count >= end.upperBound + length else { return nil }
        body = Data(buffer[end.upperBound..<(end.upperBound + length)])
        buffer.removeFirst(end.upperBound + length)
    }

    /// The value of the first field of that lowercase name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
}
