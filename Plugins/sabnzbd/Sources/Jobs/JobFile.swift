import PluginAPI

/// A file of a job in the queue, as `mode=get_files` shows it.
struct JobFile: Sendable, Decodable {
    var id: String
    var name: String
    /// Bytes.
    var size: Int64
    /// Bytes.
    var remaining: Int64

    private enum CodingKeys: String, CodingKey {
        case id = "nzf_id"
        case name = "filename"
        case size = "bytes"
        case remaining = "mbleft"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        name = fields.text(.name) ?? ""
        let bytes = fields.number(.size) ?? 0
        size = (0...1e15).contains(bytes) ? Int64(bytes) : 0
        remaining = QueueSlot.bytes(fields.number(.remaining))
    }
}

extension API {
    /// The files of a job in the queue, with those that are complete first; empty for any other id.
    func files(of id: String) async throws -> [JobFile] {
        struct Answer: Decodable { var files: [JobFile] }
        // The order changes as files become complete, and indices must not.
        return try await call(Answer.self, "get_files", ["value": id]).files.sorted { $0.name < $1.name }
    }
}
