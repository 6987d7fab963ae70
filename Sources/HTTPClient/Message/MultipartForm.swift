package import FoundationEssentials

/// A body of the type `multipart/form-data` (RFC 7578), built in memory.
package struct MultipartForm: Sendable {
    private let boundary: String
    private var content = Data()

    /// Creates an empty form.
    ///
    /// - Parameter generator: The source of the boundary's 128 random bits, which keep it from occurring in a file.
    package init(using generator: inout some RandomNumberGenerator) {
        let bits = [generator.next(), generator.next()].map { (word: UInt64) in String(word, radix: 36) }
        boundary = "kinodock-" + bits.joined(separator: "-")
    }

    /// Creates an empty form with a boundary from the system's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// Adds a field of text.
    package mutating func addField(_ name: String, _ value: String) {
        openPart(disposition: "form-data; name=\"\(Self.escaped(name))\"")
        content.append(contentsOf: "\r\n\(value)\r\n".utf8)
    }

    /// Adds a file.
    package mutating func addFile(
        _ name: String,
        fileName: String,
        contentType: String = "application/octet-stream",
        data: Data
    ) {
        openPart(disposition: "form-data; name=\"\(Self.escaped(name))\"; filename=\"\(Self.escaped(fileName))\"")
        content.append(contentsOf: "Content-Type: \(Self.escaped(contentType))\r\n\r\n".utf8)
        content.append(data)
        content.append(contentsOf: "\r\n".utf8)
    }

    /// The value of the header field `Content-Type` and the bytes that belong to it.
    package func encoded() -> (contentType: String, body: Data) {
        var body = content
        body.append(contentsOf: "--\(boundary)--\r\n".utf8)
        return ("multipart/form-data; boundary=\(boundary)", body)
    }

    private mutating func openPart(disposition: String) {
        content.append(contentsOf: "--\(boundary)\r\nContent-Disposition: \(disposition)\r\n".utf8)
    }

    /// Escapes what would end the quotes or the line, in the way that HTML asks of browsers ("multipart form data").
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
