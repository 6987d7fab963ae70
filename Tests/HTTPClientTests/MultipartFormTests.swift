import FoundationEssentials
import HTTPClient
import Testing

struct MultipartFormTests {
    /// Random numbers that are always the same.
    private struct Fixed: RandomNumberGenerator {
        func next() -> UInt64 { 35 }
    }

    @Test func `writes fields and files byte for byte`() {
        var fixed = Fixed()
        var form = MultipartForm(using: &fixed)
        form.addField("category", "tv")
        form.addFile("file", fileName: "a\"b\r\n.t", contentType: "application/x-bittorrent", data: Data([0, 255]))
        let (contentType, body) = form.encoded()
        let expected =
            Data(
                ("--kinodock-z-z\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\ntv\r\n"
                    + "--kinodock-z-z\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b%0D%0A.t\"\r\n"
                    + "Content-Type: application/x-bittorrent\r\n\r\n").utf8
            ) + Data([0, 255]) + Data("\r\n--kinodock-z-z--\r\n".utf8)
        #expect(contentType == "multipart/form-data; boundary=kinodock-z-z")
        #expect(body == expected)
    }

    @Test func `takes another boundary each time`() {
        #expect(MultipartForm().encoded().contentType != MultipartForm().encoded().contentType)
    }
}
