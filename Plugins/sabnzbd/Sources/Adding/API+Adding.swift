import FoundationEssentials
import PluginAPI

extension API {
    /// Asks the least that can be asked.
    ///
    /// - Throws: `PluginError` when SABnzbd does not answer.
    func answers() async throws {
        struct Answer: Decodable {}
        _ = try await call(Answer.self, "version")
    }

    /// Lets SABnzbd fetch an NZB; it answers at once, and a failure shows up in the history.
    func add(address: String, _ fields: [(key: String, value: String)]) async throws -> Acknowledgement {
        var request = form("addurl", ["name": address])
        let more = fields.map { "&\($0.key)=\($0.value.percentEncoded)" }.joined()
        request.body = (request.body ?? Data()) + Data(more.utf8)
        return try await call(Acknowledgement.self, request, of: "addurl")
    }

    /// The latest warnings and errors, the newest last.
    func warnings() async throws -> [String] {
        struct Answer: Decodable {
            struct Warning: Decodable { var text: String? }
            var warnings: [Warning]
        }
        return try await call(Answer.self, "warnings").warnings.compactMap(\.text)
    }

    /// - Throws: `PluginError` with `.notFound` when the job is not in the queue.
    func set(_ priority: JobPriority, of id: String) async throws {
        struct Answer: Decodable { var position: Int }
        let answer = try await call(
            Answer.self,
            "queue",
            ["name": "priority", "value": id, "value2": "\(priority.number)"]
        )
        guard answer.position >= 0 else {
            throw PluginError(.notFound, "The download is not in SABnzbd's queue any more.", field: "id")
        }
    }
}
