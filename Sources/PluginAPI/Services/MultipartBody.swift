public import struct FoundationEssentials.Data

/// A `multipart/form-data` body (RFC 7578).
public struct MultipartBody: Sendable {
    private let boundary: String
    private var content = Data()

    /// An empty body.
    ///
    /// - Parameter token: random letters and digits, so that the boundary stands in no file.
    public init(token: String) {
        boundary = "kinodock-\(token)"
    }

    /// The value for the `Content-Type` header.
    public var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// The whole body.
    public var data: Data { content + Data("--\(boundary)--\r\n".utf8) }

    /// Appends a field of the form.
    public mutating func add(_ name: String, _ value: String) {
        append("Content-Disposition: form-data; name=\"\(name)\"", Data(value.utf8))
    }

    /// Appends a file of the form; `fileName` must hold no quotes and no line ends.
    public mutating func add(_ name: String, file: Data, fileName: String, type: String) {
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
