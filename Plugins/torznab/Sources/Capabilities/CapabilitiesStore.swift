import FoundationEssentials
import PluginAPI

/// Knows what an indexer can do, and asks it again once a day; kept across restarts.
actor CapabilitiesStore {
    /// Seconds after which the indexer is asked again.
    static let lifetime: TimeInterval = 24 * 3600
    /// Seconds for which an answer serves while the indexer gives no new one.
    static let longestUse: TimeInterval = 7 * 24 * 3600
    private static let key = "capabilities"

    private struct Kept: Codable {
        /// The API that has said so; it may be another one after a change of the settings.
        var address: String
        var since: Date
        var capabilities: Capabilities
    }

    private let server: IndexerServer
    private var kept: Kept?
    private var hasLooked = false
    private var asking: Task<Capabilities, any Error>?
    /// Callers that wait for `asking`, by numbers of their own.
    private var waiters: Set<Int> = []
    private var lastWaiter = 0

    init(_ server: IndexerServer) {
        self.server = server
    }

    /// What the indexer can do; several callers at once share one request.
    func current() async throws -> Capabilities {
        await look()
        let age = kept.map { server.host.now.timeIntervalSince($0.since) } ?? .infinity
        if let kept, (0..<Self.lifetime).contains(age) { return kept.capabilities }
        do {
            return try await refresh()
        } catch {
            guard let kept, age < Self.longestUse, !(error is CancellationError) else { throw error }
            let words = "The indexer does not say what it can do; what it said before is used."
            server.host.log(.warning, words, fields: [:])
            return kept.capabilities
        }
    }

    /// Asks the indexer, whatever is known; the request ends when nobody waits for it any more.
    func refresh() async throws -> Capabilities {
        let task = asking ?? Task { try await ask() }
        asking = task
        lastWaiter += 1
        let waiter = lastWaiter
        waiters.insert(waiter)
        defer { leave(waiter) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            Task { await self.leave(waiter) }
        }
    }

    private func ask() async throws -> Capabilities {
        let document = CapabilitiesDocument()
        try await server.ask(Query("caps"), for: document)
        await keep(document.capabilities)
        return document.capabilities
    }

    private func leave(_ waiter: Int) {
        waiters.remove(waiter)
        guard waiters.isEmpty else { return }
        asking?.cancel()
        asking = nil
    }

    private func look() async {
        guard !hasLooked else { return }
        hasLooked = true
        guard kept == nil, let stored = try? await server.host.value(for: Self.key),
            let decoded = try? JSONDecoder().decode(Kept.self, from: stored), decoded.address == server.address.api
        else { return }
        kept = kept ?? decoded
    }

    private func keep(_ capabilities: Capabilities) async {
        let new = Kept(address: server.address.api, since: server.host.now, capabilities: capabilities)
        kept = new
        guard let encoded = try? JSONEncoder().encode(new) else { return }
        // Losing it costs one request after the next start.
        try? await server.host.setValue(encoded, for: Self.key)
    }
}
