package import FoundationEssentials

/// The parameters of a table's `migrate`.
package struct MigrationParameters: Codable, Sendable {
    /// The version of the form that the settings fit.
    package var from: Int
    /// With the secrets among them.
    package var settings: [String: JSONValue]

    /// Settings that fit version `from` of the form.
    package init(from: Int, settings: [String: JSONValue]) {
        self.from = from
        self.settings = settings
    }

    /// The message for settings in the form in which the host hands them around.
    ///
    /// - Parameter settings: a JSON object.
    /// - Throws: `.invalid` when it is none.
    package static func json(from version: Int, settings: Data) throws(PluginError) -> Data {
        let settings = try WireJSON.decodeParameters([String: JSONValue].self, from: settings)
        guard let json = try? WireJSON.encode(MigrationParameters(from: version, settings: settings)) else {
            throw PluginError(.invalid, "The settings hold a number that JSON cannot express.")
        }
        return json
    }
}

/// The result of a table's `migrate`.
package struct MigrationResult: Codable, Sendable {
    /// All settings, secrets included.
    package var settings: [String: JSONValue]

    /// Settings that fit the manifest's form.
    package init(settings: [String: JSONValue]) {
        self.settings = settings
    }

    /// The settings in a plugin's reply, a JSON object.
    ///
    /// - Throws: `.badResponse` when the reply is not of the form `{"settings":{...}}`.
    package static func settings(in reply: Data, from sender: String) throws(PluginError) -> Data {
        guard let result = try? WireJSON.decode(MigrationResult.self, from: reply),
            let json = try? WireJSON.encode(result.settings)
        else {
            throw PluginError(.badResponse, "\(sender) answered migrate without an object of settings.")
        }
        return json
    }
}
