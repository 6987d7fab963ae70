import FoundationEssentials
import PluginAPI

/// The ids under which the host knows jobs that SABnzbd has given new ones: it does so with each retry.
///
/// Kept in the host's store, so that they hold after a restart.
actor RenamedJobs {
    private static let key = "renamed"
    /// More than this many retried jobs are not kept; each takes about 60 bytes.
    private static let most = 5000

    private let host: any HostServices
    /// By the id of the host; `nil` until it was read.
    private var current: [String: String]?
    private var original: [String: String] = [:]

    init(_ host: any HostServices) {
        self.host = host
    }

    /// SABnzbd's id of the job that the host calls `id`.
    func current(of id: String) async throws -> String {
        try await loaded()[id] ?? id
    }

    /// The host's ids, by those of SABnzbd where they differ.
    func originals() async throws -> [String: String] {
        _ = try await loaded()
        return original
    }

    /// The job that the host calls `id` has a new id.
    func rename(_ id: String, to new: String) async throws {
        var all = try await loaded()
        if all.count >= Self.most, let any = all.keys.first { all[any] = nil }
        all[id] = new
        try await store(all)
    }

    /// The job that the host calls `id` is gone.
    func forget(_ id: String) async throws {
        var all = try await loaded()
        guard all.removeValue(forKey: id) != nil else { return }
        try await store(all)
    }

    private func loaded() async throws -> [String: String] {
        if let current { return current }
        let stored = try await host.value(for: Self.key)
        if let current { return current }
        let read = stored.flatMap { try? JSONDecoder().decode([String: String].self, from: $0) } ?? [:]
        keep(read)
        return read
    }

    private func store(_ all: [String: String]) async throws {
        keep(all)
        try await host.setValue(JSONEncoder().encode(all), for: Self.key)
    }

    private func keep(_ all: [String: String]) {
        current = all
        original = Dictionary(all.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    }
}
