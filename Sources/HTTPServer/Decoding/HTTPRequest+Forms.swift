extension HTTPRequest {
    /// Decodes a `multipart/form-data` body; 415 for any other type, 400 when it is malformed or has too many parts.
    package func decodeMultipart(limits: MultipartForm.Limits = .init()) throws -> MultipartForm {
        guard let type = headers["Content-Type"].flatMap(MediaType.init), type.essence == "multipart/form-data" else {
            throw HTTPError(.unsupportedMediaType, "Send the form as multipart/form-data.")
        }
        guard let boundary = type["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw HTTPError(.badRequest, "The Content-Type has no boundary of 1 to 70 characters.")
        }
        return try MultipartForm(body, boundary: boundary, limits: limits)
    }
}
