import FoundationEssentials
import PluginAPI

/// What a key opens.
enum KeyKind: Sendable {
    /// Everything.
    case api
    /// Adding alone: SABnzbd's NZB key.
    case nzb
    case wrong

    /// Asks the server, which refuses the NZB key for everything but adding with the very words for a wrong key.
    ///
    /// - Throws: `PluginError` for whatever has nothing to do with the key.
    init(_ api: API) async throws {
        do {
            _ = try await api.call(QueuePage.self, "queue", ["limit": "1"])
            self = .api
        } catch let error as PluginError where error.code == .unauthorized {
            // Without an address nothing is added; a key that may add hears just that.
            let response = try await api.endpoint.exchange(api.form("addurl", [:]))
            self = response.status == 200 ? .nzb : .wrong
        }
    }
}
