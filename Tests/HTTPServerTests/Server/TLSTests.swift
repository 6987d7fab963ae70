import FoundationEssentials
import HTTPClient
import Testing

@testable import HTTPServer

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    @Test("starts with a certificate and its key, and does not answer in the clear")
    func starts() async throws {
        let server = try TestServer.start({ $0.tls = .init(certificatePEM: Self.certificate, keyPEM: Self.key) }) { _ in
        }
        try await blocking {
            let client = try TestClient(port: server.port)
            client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
            client.finishSending()
            #expect(!String(decoding: client.rest(), as: UTF8.self).contains("pong"))
        }
    }

    /// Serves a file that the kernel would send by itself on a connection in the clear.
    private func encryptedServer(_ file: TestFile) throws -> HTTPServer {
        let path = file.path
        return try TestServer.start({ $0.tls = .init(certificatePEM: Self.certificate, keyPEM: Self.key) }) { router in
            router.get("/file") { _ in .file(FileBody(path: path, contentType: "video/mp4")) }
            router.post("/echo") { request in
                await Task.yield()
                return .data(request.body, contentType: request.isTLS ? "text/secret" : "text/open")
            }
        }
    }

    private func request(_ path: String, of server: HTTPServer) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)\(path)")
        request.verifiesCertificate = false
        return request
    }

    @Test("sends and takes bodies")
    func bodies() async throws {
        let file = try TestFile(count: 5_000_001)
        let server = try encryptedServer(file)
        let client = HTTPClient()
        #expect(try await client.send(request("/file", of: server)).body.elementsEqual(file.bytes))
        var echo = request("/echo", of: server)
        echo.method = "POST"
        echo.body = Data(file.bytes[..<300_000])
        let answer = try await client.send(echo)
        #expect(answer.body == echo.body)
        #expect(answer.header("content-type") == "text/secret")
    }

    @Test("sends ranges", arguments: [0..<1, 100..<70_000, 10..<4_900_000])
    func ranges(range: Range<Int>) async throws {
        let file = try TestFile(count: 5_000_001)
        let server = try encryptedServer(file)
        var request = request("/file", of: server)
        request.headers = [("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        let answer = try await HTTPClient().send(request)
        #expect(answer.status == 206)
        #expect(answer.header("content-range") == "bytes \(range.lowerBound)-\(range.upperBound - 1)/5000001")
        #expect(answer.body.elementsEqual(file.bytes[range]))
    }

    @Test(
        "says what to do about a bad certificate or key",
        arguments: [("", key), ("rubbish", key), (certificate, "rubbish"), (certificate, ""), (certificate, otherKey)]
    )
    func refuses(certificate: String, key: String) throws {
        let error = #expect(throws: ServerStartError.self) {
            _ = try TestServer.start({ $0.tls = .init(certificatePEM: certificate, keyPEM: key) }) { _ in }
        }
        #expect(error?.description.contains("certificate and the key are PEM and belong together") == true)
    }

    @Test(
        "names an address that cannot be used",
        arguments: [("127.0.0.1", 70_000), ("nowhere", 0), ("203.0.113.1", 0)]
    )
    func address(address: String, port: Int) throws {
        let error = #expect(throws: ServerStartError.self) {
            _ = try TestServer.start({
                $0.address = address
                $0.port = port
            }) { _ in }
        }
        #expect(error?.description.contains(port == 0 ? address : "70000") == true)
    }

    @Test("names a port that is in use")
    func portInUse() throws {
        let server = try TestServer.start { _ in }
        let error = #expect(throws: ServerStartError.self) {
            _ = try TestServer.start({ $0.port = server.port }) { _ in }
        }
        #expect(error?.description.contains("127.0.0.1:\(server.port): the port is in use") == true)
    }

    // Made for this test alone and valid for a hundred years.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBfjCCASWgAwIBAgIUDmOaCI/PO7sTQL1Pb3WiDpWz2uowCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTExMjUwMVoYDzIxMjYxMDI4
        MTEyNTAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARVOd00X0ZdnE7av94b3pSMRKefqHFkNNqkYX1KEUHTVX4MsqzDTrHr
        Y7jkgXPvjNFCqgsodckvdn0MeJlY7BmHo1MwUTAdBgNVHQ4EFgQUSsV64RXRsQmY
        xafp8tWSdDlxCTcwHwYDVR0jBBgwFoAUSsV64RXRsQmYxafp8tWSdDlxCTcwDwYD
        VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAAhX/5mnBnMcBltkL9MPHK
        tItXVIiodJSVuBOFUOPXCwIgCZdevQuHd5EzgujpqYb/ySG/gnZ2Xs95FP4j0OrJ
        UE4=
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDfRbJiDCJ+BysUUZ
        BRj+hph1Sm+MiDsg15wk8sEjmZShRANCAARVOd00X0ZdnE7av94b3pSMRKefqHFk
        NNqkYX1KEUHTVX4MsqzDTrHrY7jkgXPvjNFCqgsodckvdn0MeJlY7BmH
        -----END PRIVATE KEY-----
        """

    /// A key that belongs to no certificate.
    private static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyRlVbP1mBkXHmzf+
        2ABh7eNffH6eQwsQ73nIOFEYJpqhRANCAAQcPzdzPHX1/GOCtXilYGQugjk+ouPB
        D0PYcXDjmDWQFAMka89BFo4NlnOAJiVtACrl9w6ZV+YawYunAt12E8R9
        -----END PRIVATE KEY-----
        """
}
