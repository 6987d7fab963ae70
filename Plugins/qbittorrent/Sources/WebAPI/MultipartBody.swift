import FoundationEssentials

/// A `multipart/form-data` body (RFC 7578).
struct MultipartBody {
    private let boundary: String
    private var content = Data()

    /// - Parameter token: random, so that it stands in no file.
    init(token: String) {
        boundary = "kinodock-\(token)"
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// The whole body.
    var data: Data { content + Data("--\(boundary)--\r\n".utf8) }

    mutating func add(_ name: String, _ value: String) {
        append("Content-Disposition: form-data; name=\"\(name)\"", Data(value.utf8))
    }

    mutating func add(_ name: String, file: Data, fileName: String, type: String) {
        append(
            "Content-Disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\"\r\nContent-Type: \(type)",
            file
        )
    }

    private mutating func append(_ head: String, _ value: Data) {
        content += Data("--\(boundary)\r\n\(head)\r\n\r\n".utf8)
        content += value
        content += Data("\r\n".utf8)
    }
}
