import FoundationEssentials
import Glibc

/// A blocking HTTP client on a plain socket, which shows every byte and can misbehave.
final class TestClient {
    struct Failure: Error {
        let words: String
    }

    private let socket: Int32
    private var buffer: [UInt8] = []
    private var decoded: [UInt8] = []

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(words: "no socket") }
        if var receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Failure(words: "not connected: \(errno)") }
    }

    deinit {
        Glibc.close(socket)
    }

    /// Sends bytes; `false` when the server has hung up.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Closes the sending side.
    func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Makes the coming close a reset, as a killed client may cause.
    func abort() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    }

    /// Reads one response; `head` says that no body follows.
    func response(head: Bool = false) throws -> TestResponse {
        let block = try read(until: "\r\n\r\n")
        var response = try TestResponse(head: block)
        if head || [204, 304].contains(response.status) || (100..<200).contains(response.status) { return response }
        if response["transfer-encoding"] == "chunked" {
            response.body = try chunks()
        } else if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try read(count: length)
        } else {
            response.body = rest()
        }
        return response
    }

    /// Sends a request and reads its response.
    func get(_ target: String, _ fields: [String] = [], method: String = "GET") throws -> TestResponse {
        send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
        return try response(head: method == "HEAD")
    }

    /// Reads up to and including a mark.
    func read(until mark: String) throws -> String {
        let mark = Array(mark.utf8)
        var from = 0
        while true {
            if buffer.count >= mark.count {
                for start in from...(buffer.count - mark.count)
                where buffer[start..<(start + mark.count)].elementsEqual(mark) {
                    defer { buffer.removeFirst(start + mark.count) }
                    return String(decoding: buffer[..<(start + mark.count)], as: UTF8.self)
                }
                from = buffer.count - mark.count + 1
            }
            guard fill() else { throw Failure(words: "hung up after: \(String(decoding: buffer, as: UTF8.self))") }
        }
    }

    func read(count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard fill() else { throw Failure(words: "hung up after \(buffer.count) of \(count) bytes") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Reads until the server hangs up.
    func rest() -> [UInt8] {
        while fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether the server hangs up without another byte.
    var isHungUp: Bool { rest().isEmpty }

    /// Reads a chunked body piece by piece up to and including a mark.
    func readChunked(until mark: String) throws -> String {
        let mark = Array(mark.utf8)
        while true {
            if let range = decoded.firstRange(of: mark) {
                defer { decoded.removeSubrange(..<range.upperBound) }
                return String(decoding: decoded[..<range.upperBound], as: UTF8.self)
            }
            let line = try read(until: "\r\n")
            guard let count = Int(line.dropLast(1), radix: 16), count > 0 else {
                throw Failure(words: "ended: \(line)")
            }
            decoded += try read(count: count)
            _ = try read(until: "\r\n")
        }
    }

    private func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try read(until: "\r\n")
            guard let count = Int(line.dropLast(1), radix: 16) else { throw Failure(words: "bad chunk size \(line)") }
            body += try read(count: count)
            _ = try read(until: "\r\n")
            if count == 0 { return body }
        }
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = piece.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }
}

/// A response as it came.
struct TestResponse {
    let status: Int
    let fields: [(name: String, value: String)]
    var body: [UInt8] = []

    init(head: String) throws {
        let lines = head.split(separator: "\r\n")
        guard let first = lines.first, let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw TestClient.Failure(words: "not a response: \(head)") }
        self.status = status
        fields = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[colon...].dropFirst(2)))
        }
    }

    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}
