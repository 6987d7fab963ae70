import PluginAPI

extension Server {
    /// Words for an answer that is no success.
    ///
    /// - Parameter action: what was tried, as it stands after "could not".
    func failure(_ response: ServiceResponse, doing action: String) -> PluginError {
        guard response.status == 401 else {
            return endpoint.failure(response, doing: action, oldest: "qBittorrent 4.1")
        }
        return PluginError(
            .forbidden,
            """
            \(name) refuses the address by which it is called, or a proxy asks for a login: check the Host header \
            validation of its Web UI and the URL base.
            """,
            field: "host"
        )
    }

    /// An answer that is not what the API documents.
    func nonsense(_ what: String) -> PluginError {
        endpoint.nonsense(what)
    }
}
