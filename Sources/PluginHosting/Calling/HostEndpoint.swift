package import FoundationEssentials
package import PluginAPI

/// The host as one instance of a plugin reaches it: the server's services, or a relay to them.
package protocol HostEndpoint: Sendable {
    /// Does what the instance asks for.
    ///
    /// - Parameters:
    ///   - method: the wire name of a service, for example `http.send`.
    ///   - json: the parameters, as the plugin has sent them.
    ///   - attachment: raw bytes that belong to the parameters.
    /// - Throws: what the plugin is told; `.unsupported` for a service that does not exist.
    func answer(
        method: String,
        json: Data,
        attachment: Data?
    ) async throws(PluginError) -> (json: Data, attachment: Data?)

    /// Writes a line to the server's log, on behalf of the instance.
    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue])
}
