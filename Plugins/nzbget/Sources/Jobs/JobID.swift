import PluginAPI

/// NZBGet's number of a job, which stays the same from its address through every retry.
struct JobID: Hashable, Sendable {
    let number: Int

    /// - Throws: `PluginError` with `.invalid` for a text that is no such number.
    init(_ text: String) throws {
        guard let number = Int(text), (1...Int(Int32.max)).contains(number) else {
            throw PluginError(.invalid, "A download of NZBGet has a number for an id.", field: "id")
        }
        self.number = number
    }
}

/// A job wherever it is in NZBGet.
enum Job: Sendable {
    case queued(Group)
    case past(HistoryEntry)
}

extension API {
    /// The job with that id, wherever it is; `nil` when NZBGet does not have it.
    func job(_ id: JobID) async throws -> Job? {
        // A job that goes on is in neither list for a moment.
        for _ in 0..<2 {
            if let group = try await groups().first(where: { $0.id == id.number }) { return .queued(group) }
            if let entry = try await history().first(where: { $0.id == id.number }) { return .past(entry) }
        }
        return nil
    }

    /// As `job`, but it has to be there.
    ///
    /// - Throws: `PluginError` with `.notFound`.
    func existingJob(_ id: JobID) async throws -> Job {
        guard let job = try await job(id) else { throw Self.missing }
        return job
    }

    static let missing = PluginError(.notFound, "NZBGet does not have this download any more.", field: "id")
}
