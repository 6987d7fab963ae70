internal import FoundationEssentials

extension HTTPRequest {
    /// Decodes the body as JSON.
    ///
    /// Throws 415 when the media type is missing or not JSON, 400 `INVALID_JSON` when the text is not JSON, and 400
    /// `VALIDATION_ERROR` with the path of the field when a key is missing or has the wrong type.
    package func decodeJSON<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try requireJSON()
        // Before decoding: the decoder takes a broken body when the break is where it does not look.
        if let refusal = JSONRefusal.malformed(body) { throw refusal }
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch let error as DecodingError {
            throw JSONRefusal.explain(error)
        }
    }

    private func requireJSON() throws {
        let sent = headers["Content-Type"]
        guard let sent, let type = MediaType(sent), type.isJSON else {
            throw HTTPError(
                .unsupportedMediaType,
                "Send the body as JSON with the header Content-Type: application/json"
                    + (sent.map { " (it was \($0.prefix(80)))." } ?? " (it was missing).")
            )
        }
    }
}
