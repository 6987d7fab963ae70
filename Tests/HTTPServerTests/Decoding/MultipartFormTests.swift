import FoundationEssentials
import Testing

@testable import HTTPServer

@Suite("A multipart form")
struct MultipartFormTests {
    private func parse(_ text: String, boundary: String = "xx", parts: Int = 100) throws -> MultipartForm {
        var limits = MultipartForm.Limits()
        limits.parts = parts
        return try MultipartForm(Data(text.utf8), boundary: boundary, limits: limits)
    }

    private func part(_ head: String, _ content: String) -> String {
        "--xx\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(content)\r\n"
    }

    @Test("gives fields and files with their names and types")
    func parts() throws {
        let form = try parse(
            "preamble\r\n" + part("name=\"category\"", "tv") + part("name=paused", "")
                + part(
                    "name=\"torrents\"; filename=\"a; b%22.torrent\"\r\nContent-Type: application/x-bittorrent",
                    "d\r\n--x\0e"
                )
                + "--xx--\r\nepilogue"
        )
        #expect(form.parts.count == 3)
        #expect(form.field("category") == "tv")
        #expect(form.field("paused") == "")
        let file = try #require(form.parts.first { $0.name == "torrents" })
        #expect(file.filename == "a; b%22.torrent")
        #expect(file.contentType == "application/x-bittorrent")
        #expect(file.data.elementsEqual("d\r\n--x\0e".utf8))
        #expect(form.field("torrents") == nil)
    }

    @Test("may be empty")
    func empty() throws {
        #expect(try parse("--xx--\r\n").parts.isEmpty)
    }

    @Test(
        "is refused when it is malformed",
        arguments: [
            "", "no boundary", "--xx", "--xx\r\n", "--xxy\r\n",
            "--xx\r\nContent-Disposition: form-data; name=a\r\n\r\nopen end",
            "--xx\r\n\r\nno fields\r\n--xx--", "--xx\r\nContent-Type: text/plain\r\n\r\nx\r\n--xx--",
            "--xx\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xx--",
            "--xx\r\nX: \(String(repeating: "y", count: 9_000))\r\n\r\n\r\n--xx--",
        ]
    )
    func malformed(text: String) {
        #expect(throws: HTTPError.self) { try parse(text) }
    }

    @Test("is refused when it has too many parts")
    func tooMany() {
        let text = part("name=a", "1") + part("name=b", "2") + "--xx--"
        #expect(throws: HTTPError.self) { try parse(text, parts: 1) }
    }

    @Test(
        "needs its media type and a boundary",
        arguments: [("text/plain", 415), ("multipart/form-data", 400), ("multipart/form-data; boundary=\"\"", 400)]
    )
    func type(type: String, status: Int) {
        let request = HTTPRequest(.post, "/", headers: ["Content-Type": type], body: Data("--xx--".utf8))
        #expect { try request.decodeMultipart() } throws: { ($0 as? HTTPError)?.status.code == status }
    }

    @Test("takes a quoted boundary from the header field")
    func quoted() throws {
        let request = HTTPRequest(
            .post,
            "/",
            headers: ["Content-Type": "multipart/form-data; charset=utf-8; Boundary=\"a b\""],
            body: Data("--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a b--".utf8)
        )
        #expect(try request.decodeMultipart().field("x") == "1")
    }
}
