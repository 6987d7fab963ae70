package import FoundationEssentials

/// A `multipart/form-data` body (RFC 7578), cut into parts that share the memory of the body.
package struct MultipartForm: Sendable {
    /// How much a form may hold.
    package struct Limits: Sendable {
        /// The most parts of a form.
        package var parts = 100
        /// The most bytes of the header fields of one part.
        package var headerBytes = 8 << 10

        /// The usual limits: 100 parts, 8 KiB of header fields each.
        package init() {}
    }

    /// A field or a file.
    package struct Part: Sendable {
        /// The name of the form's field.
        package let name: String
        /// The name of the file as the client gave it, never to be used as a path; `nil` for a plain field.
        package let filename: String?
        /// The media type that the part claims.
        package let contentType: String?
        /// The content.
        package let data: Data

        /// The content as text.
        package var text: String { String(decoding: data, as: UTF8.self) }
    }

    /// All parts, in order.
    package let parts: [Part]

    /// Cuts `body` at `boundary`; throws 400 when it is malformed or passes a limit.
    package init(_ body: Data, boundary: String, limits: Limits = .init()) throws {
        var scanner = MultipartScanner(body: body, boundary: boundary)
        var parts: [Part] = []
        while let piece = try scanner.next() {
            guard parts.count < limits.parts else { throw Self.refusal("has more than \(limits.parts) parts") }
            parts.append(try Self.part(piece, limits))
        }
        self.parts = parts
    }

    /// The text of the first plain field called `name`.
    package func field(_ name: String) -> String? {
        parts.first { $0.name == name && $0.filename == nil }?.text
    }

    static func refusal(_ words: String) -> HTTPError {
        HTTPError(.badRequest, code: "INVALID_FORM", "The form \(words).")
    }

    private static func part(_ piece: Data, _ limits: Limits) throws -> Part {
        let emptyLine = Data([0x0D, 0x0A, 0x0D, 0x0A])
        let end: Range<Data.Index>
        if piece.starts(with: [0x0D, 0x0A]) {
            throw refusal("has a part without Content-Disposition")
        } else if let found = MultipartScanner.find(emptyLine, in: piece.prefix(limits.headerBytes)) {
            end = found
        } else {
            throw refusal("has a part whose header fields do not end within \(limits.headerBytes) bytes")
        }
        let headers = fields(String(decoding: piece[..<end.lowerBound], as: UTF8.self))
        let pieces = MediaType.split(headers["Content-Disposition"] ?? "")
        guard MediaType.trimmed(pieces.first ?? "").lowercased() == "form-data",
            let name = parameter("name", in: pieces)
        else { throw refusal("has a part without a name") }
        return Part(
            name: name,
            filename: parameter("filename", in: pieces),
            contentType: headers["Content-Type"],
            data: piece[end.upperBound...]
        )
    }

    private static func fields(_ text: String) -> HTTPHeaders {
        text.split(separator: "\r\n").reduce(into: HTTPHeaders()) { headers, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            headers.add(String(line[..<colon]), MediaType.trimmed(String(line[colon...].dropFirst())))
        }
    }

    private static func parameter(_ name: String, in pieces: [String]) -> String? {
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            guard MediaType.trimmed(String(piece[..<equals])).lowercased() == name else { continue }
            // Browsers write %22, not \", for a quote and leave a backslash of a Windows path alone (HTML, form
            // submission).
            let value = MediaType.trimmed(String(piece[piece.index(after: equals)...]))
            guard value.count >= 2, value.first == "\"", value.last == "\"" else { return value }
            return String(value.dropFirst().dropLast())
        }
        return nil
    }
}
