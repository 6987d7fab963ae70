import FoundationEssentials
import Testing

@testable import HTTPServer

@Suite("Files on a live server", .timeLimit(.minutes(1)))
struct LiveFileTests {
    private let file: TestFile

    init() throws {
        file = try TestFile(count: 700_001)
    }

    private func server() throws -> HTTPServer {
        let path = file.path
        return try TestServer.start { router in
            router.get("/file") { _ in .file(FileBody(path: path, contentType: "video/mp4")) }
            router.get("/later") { _ async in .file(FileBody(path: path, contentType: "video/mp4")) }
            router.get("/open") { _ in .file(FileBody(.open(try OpenFile(path: path)), contentType: "video/mp4")) }
            router.get("/missing") { _ in .file(FileBody(path: path + ".no")) }
            router.get("/folder") { _ in .file(FileBody(path: "/tmp")) }
        }
    }

    @Test("sends the whole file", arguments: ["/file", "/later", "/open"])
    func whole(target: String) async throws {
        let bytes = file.bytes
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let response = try client.get(target)
            #expect(response.status == 200)
            #expect(response.body == bytes)
            #expect(response["accept-ranges"] == "bytes")
            #expect(response["content-type"] == "video/mp4")
            #expect(response["etag"]?.hasPrefix("\"") == true)
            #expect(response["last-modified"] != nil)
            #expect(try client.get("/ping").text == "pong")
        }
    }

    @Test(
        "sends one range byte for byte",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=699990-", 699_990..<700_001),
            ("bytes=-11", 699_990..<700_001), ("bytes=0-99999999999999999999", 0..<700_001),
            ("bytes=131071-262145", 131_071..<262_146), ("bytes=5-9,700001-", 5..<10), ("BYTES=0-4,5-9", 0..<10),
        ]
    )
    func range(field: String, expected: Range<Int>) async throws {
        let bytes = file.bytes
        try await blocking {
            let server = try server()
            let response = try TestClient(port: server.port).get("/file", ["Range: \(field)"])
            #expect(response.status == 206)
            #expect(response["content-range"] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/700001")
            #expect(response.body == Array(bytes[expected]))
            #expect(response["etag"] != nil)
        }
    }

    @Test("sends what is longer than a socket's buffer holds", arguments: ["/file", "/later", "/open"])
    func long(target: String) async throws {
        let file = try TestFile(count: 5_000_001)
        let path = file.path, bytes = file.bytes
        let server = try TestServer.start { router in
            router.get("/file") { _ in .file(FileBody(path: path)) }
            router.get("/later") { _ async in .file(FileBody(path: path)) }
            router.get("/open") { _ in .file(FileBody(.open(try OpenFile(path: path)))) }
        }
        try await blocking {
            let client = try TestClient(port: server.port)
            #expect(try client.get(target).body == bytes)
            #expect(try client.get(target, ["Range: bytes=7-4999990"]).body == Array(bytes[7...4_999_990]))
            #expect(try client.get(target, ["Range: bytes=4999990-"]).body == Array(bytes[4_999_990...]))
            #expect(try client.get("/ping").text == "pong")
        }
    }

    @Test("sends several ranges as parts in the order asked")
    func parts() async throws {
        let bytes = file.bytes
        try await blocking {
            let server = try server()
            let response = try TestClient(port: server.port).get("/later", ["Range: bytes=600000-699999, 1-3"])
            #expect(response.status == 206)
            #expect(response["content-range"] == nil)
            let type = try #require(response["content-type"].flatMap(MediaType.init))
            #expect(type.essence == "multipart/byteranges")
            let boundary = try #require(type["boundary"])
            func head(_ range: String) -> [UInt8] {
                Array("--\(boundary)\r\nContent-Type: video/mp4\r\nContent-Range: bytes \(range)/700001\r\n\r\n".utf8)
            }
            let expected =
                head("600000-699999") + bytes[600_000..<700_000] + Array("\r\n".utf8) + head("1-3") + bytes[1..<4]
                + Array("\r\n--\(boundary)--\r\n".utf8)
            #expect(response.body == expected)
        }
    }

    @Test("answers a range outside the file with 416 and its length")
    func unsatisfiable() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let response = try client.get("/file", ["Range: bytes=700001-"])
            #expect(response.status == 416)
            #expect(response["content-range"] == "bytes */700001")
            #expect(response["etag"] != nil)
            #expect(response["content-type"] == "text/plain; charset=utf-8")
            #expect(response.text.hasPrefix("RANGE_NOT_SATISFIABLE No part of the range"))
            #expect(try client.get("/ping").status == 200)
        }
    }

    @Test("ignores Range for HEAD and announces the whole length")
    func head() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let response = try client.get("/file", ["Range: bytes=0-1"], method: "HEAD")
            #expect(response.status == 200)
            #expect(response["content-length"] == "700001")
            #expect(try client.get("/ping").status == 200)
        }
    }

    @Test("answers conditions with the tag that it gave out")
    func conditions() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let first = try client.get("/file", method: "HEAD")
            let tag = try #require(first["etag"]), date = try #require(first["last-modified"])
            let current = try client.get("/file", ["If-None-Match: \(tag)", "Range: bytes=0-1"])
            #expect(current.status == 304)
            // If it is there at all it is the length of what is not sent (RFC 9110 section 8.6).
            #expect(current["content-length"] ?? "700001" == "700001")
            #expect(try client.get("/file", ["If-Modified-Since: \(date)"]).status == 304)
            let failed = try client.get("/file", ["If-Match: \"other\""])
            #expect(failed.status == 412)
            #expect(failed.text.hasPrefix("PRECONDITION_FAILED This is not the version"))
            #expect(try client.get("/file", ["If-Range: \(tag)", "Range: bytes=0-1"]).status == 206)
            #expect(try client.get("/file", ["If-Range: \(date)", "Range: bytes=0-1"]).status == 206)
            #expect(try client.get("/file", ["If-Range: \"other\"", "Range: bytes=0-1"]).body.count == 700_001)
        }
    }

    @Test("answers 404 for what is no file", arguments: ["/missing", "/folder"])
    func missing(target: String) async throws {
        try await blocking {
            let server = try server()
            #expect(try TestClient(port: server.port).get(target).status == 404)
        }
    }
}
