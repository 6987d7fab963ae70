package import FoundationEssentials

/// The JSON of the plugin boundary, and what becomes of errors on it.
package enum WireJSON {
    /// `{}`: the parameters or the result of a method that has none.
    package static let emptyObject = Data("{}".utf8)

    // Both are safe to use from several threads at once, and making one costs more than a small message.
    private static let encoder = JSONEncoder()
    private static let decoder = JSONDecoder()

    /// The JSON of a message, without blanks; the order of its members means nothing.
    ///
    /// - Throws: `EncodingError` for a number that JSON has no form for, such as infinity.
    package static func encode(_ value: some Encodable) throws -> Data {
        if let direct = value as? any DirectJSON, let json = direct.json { return json }
        return try encoder.encode(value)
    }

    /// The message in `json`; members that the type does not have are ignored.
    ///
    /// - Throws: `DecodingError` naming the member that is missing or of the wrong type.
    package static func decode<Value: Decodable>(_ type: Value.Type, from json: Data) throws -> Value {
        if let direct = type as? any DirectJSON.Type, let value = direct.read(json) as? Value { return value }
        return try decoder.decode(type, from: json)
    }

    /// Reads parameters; what is missing or of the wrong type is named as the error's `field`.
    package static func decodeParameters<Value: Decodable>(
        _ type: Value.Type,
        from json: Data
    ) throws(PluginError) -> Value {
        do {
            return try decode(type, from: json)
        } catch {
            throw invalid(error)
        }
    }

    /// The JSON of a failing reply.
    package static func failure(_ error: PluginError) -> Data {
        (try? encoder.encode(error)) ?? Data(#"{"code":"internal","message":"The error could not be written."}"#.utf8)
    }

    /// The most characters of an error's message: it is shown, logged and stored.
    private static let longestMessage = 2000

    /// The error of a failing reply; one that cannot be read is itself a `.badResponse`.
    package static func readFailure(_ json: Data, from sender: String) -> PluginError {
        guard var error = try? decoder.decode(PluginError.self, from: json) else {
            return PluginError(.badResponse, "\(sender) reported a failure without a readable code and message.")
        }
        error.message = String(error.message.prefix(longestMessage))
        return error
    }

    /// Any error as one that may cross.
    ///
    /// The text of a foreign error could hold a secret, so only its type is told.
    package static func pluginError(from error: any Error) -> PluginError {
        switch error {
        case let error as PluginError: error
        case is CancellationError: PluginError(.cancelled, "The caller gave up.")
        default: PluginError(.internal, "A defect in the plugin: it failed with \(type(of: error)).")
        }
    }

    private static func invalid(_ error: any Error) -> PluginError {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            let field = path(context.codingPath + [key])
            return PluginError(.invalid, "\(field) is missing; give it a value.", field: field)
        case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
            let field = path(context.codingPath)
            return PluginError(
                .invalid,
                "\(field.isEmpty ? "The message" : field) must be of type \(type).",
                field: field.isEmpty ? nil : field
            )
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            let field = path(context.codingPath)
            return PluginError(.invalid, "\(field) has a value that cannot be used.", field: field)
        case let error as PluginError:
            return error
        default:
            return PluginError(.invalid, "The parameters are not a JSON object.")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }
}
