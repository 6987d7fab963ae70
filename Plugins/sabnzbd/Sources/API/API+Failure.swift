import FoundationEssentials
import PluginAPI

extension API {
    /// Words for an answer that is no success.
    ///
    /// SABnzbd refuses with 403 and a line of plain text, in English whatever its language is.
    func failure(_ response: ServiceResponse) -> PluginError {
        guard response.status == 401 || response.status == 403 else {
            return endpoint.failure(response, doing: "call its API", oldest: "SABnzbd 3.0")
        }
        return refusal(String(decoding: response.body.prefix(300), as: UTF8.self))
            ?? PluginError(
                .forbidden,
                "A proxy in front of \(endpoint.name) asks for a login or forbids this. Enter SABnzbd's own address.",
                field: "host"
            )
    }

    /// Words for the reason that an answer of status 200 gives.
    func failure(words: String, mode: String) -> PluginError {
        if let refusal = refusal(words) { return refusal }
        guard words != "not implemented" else {
            return PluginError(
                .unsupported,
                "\(endpoint.name) does not know the call “\(mode)”: SABnzbd 3.0 or newer is needed."
            )
        }
        return PluginError(.remoteFailure, "\(endpoint.name) says: \(words.prefix(300))")
    }

    private func refusal(_ text: String) -> PluginError? {
        if text.contains("API Key Required") {
            return PluginError(
                .unauthorized,
                "\(endpoint.name) asks for its API key. \(Self.whereTheKeyIs)",
                field: "apiKey"
            )
        }
        if text.contains("API Key Incorrect") {
            return PluginError(
                .unauthorized,
                "\(endpoint.name) refuses the API key, or it is the NZB key, which may only add. \(Self.whereTheKeyIs)",
                field: "apiKey"
            )
        }
        if text.contains("Hostname verification failed") {
            return PluginError(
                .forbidden,
                """
                \(endpoint.name) refuses the host name by which it is called. Add it in SABnzbd to Config > Special > \
                host_whitelist, or enter the IP address here.
                """,
                field: "host"
            )
        }
        guard text.lowercased().contains("access denied") else { return nil }
        return PluginError(
            .forbidden,
            """
            \(endpoint.name) takes no calls from this machine. Allow it in SABnzbd under Config > General > External \
            internet access, or add its network to local_ranges.
            """,
            field: "host"
        )
    }

    static let whereTheKeyIs = "Copy it from SABnzbd's Config > General > Security."
}
