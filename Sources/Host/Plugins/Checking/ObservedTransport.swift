import FoundationEssentials
import PluginAPI
import Synchronization

/// A transport that knows whether a call on it came back with a result, whatever was then made of it.
final class ObservedTransport: PluginTransport {
    private let transport: any PluginTransport
    private let hasAnswer = Atomic<Bool>(false)

    init(_ transport: any PluginTransport) {
        self.transport = transport
    }

    var wasAnswered: Bool { hasAnswer.load(ordering: .relaxed) }

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let answer = try await transport.call(method: method, json: json, attachment: attachment, deadline: deadline)
        hasAnswer.store(true, ordering: .relaxed)
        return answer
    }
}
