import FoundationEssentials
import PluginAPI

@testable import Host
@testable import PluginHosting

/// A connection to a plugin that is a type of the tests.
struct LoopbackConnection: PluginConnection {
    let transport: LoopbackTransport
    var ended: @Sendable () -> Void = {}

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        try await transport.call(method: method, json: json, attachment: attachment, deadline: deadline)
    }

    func shutDown() async { ended() }
}
