import FoundationEssentials

/// Remembers which downloads `DownloadClient.pauseAll` has paused, also across restarts: for clients that can only pause
/// one by one, or everything without telling what was paused before.
public struct PauseMemory: Sendable {
    private static let key = "paused-by-pause-all"

    private let host: any HostServices

    /// A memory among the values that `host` keeps for the instance.
    public init(host: any HostServices) {
        self.host = host
    }

    /// Adds downloads to those that `resumeAll` is to start again.
    public func remember(_ ids: [String]) async throws {
        let all = Set(ids).union(try await remembered())
        try await host.setValue(JSONEncoder().encode(all.sorted()), for: Self.key)
    }

    /// The downloads that were remembered; empty when there are none.
    public func remembered() async throws -> [String] {
        guard let value = try await host.value(for: Self.key) else { return [] }
        return (try? JSONDecoder().decode([String].self, from: value)) ?? []
    }

    /// Forgets all of them, once they have been started.
    public func forget() async throws {
        try await host.setValue(nil, for: Self.key)
    }
}
