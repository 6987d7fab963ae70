import FoundationEssentials
import PluginAPI

/// Has changes looked at: the first one at once, those that follow soon after it together.
///
/// What waits is kept by the host, so that it is not lost when the server ends meanwhile.
actor Refresher {
    /// So many changes are not collected any longer.
    private static let mostPending = 500
    /// The libraries are asked for again after this time, in seconds.
    private static let memory = 300.0
    /// How long to wait after attempts that failed, in seconds; the last one holds for all that follow.
    private static let waits = [30.0, 60, 300]
    /// With the waits above more than a day.
    private static let mostAttempts = 300
    private static let key = "pending"

    private let server: any MediaServer
    private let host: any HostServices
    private let join: Double
    private let sleeper: any Clock<Duration>

    private var pending: [Change] = []
    private var hasLoaded = false
    private var lastRefresh: Date?
    private var hasFailed = false
    private var isRefreshing = false
    private var later: Task<Void, Never>?
    private var known: (libraries: [MediaLibrary], time: Date)?

    /// - Parameter join: seconds.
    init(_ server: any MediaServer, host: any HostServices, join: Double, sleeper: any Clock<Duration> = .continuous) {
        self.server = server
        self.host = host
        self.join = join
        self.sleeper = sleeper
    }

    /// Goes on with what the last run has left behind.
    func resume() async {
        // What cannot be read now is read with the next change.
        try? await load()
        if !pending.isEmpty { refreshLater(after: join) }
    }

    /// Has changes looked at, or notes them for soon.
    ///
    /// - Throws: when they could not be looked at; they may be given again.
    func take(_ changes: [Change]) async throws {
        guard !changes.isEmpty else { return }
        try await load()
        pending.removeAll { old in changes.contains { $0.path == old.path } }
        pending += changes
        let rest = lastRefresh.map { join - host.now.timeIntervalSince($0) } ?? 0
        let isSoon = (0...join).contains(rest) && rest > 0
        if isRefreshing || isSoon && !hasFailed && pending.count < Self.mostPending {
            try await keep()
            refreshLater(after: isSoon ? rest : join)
        } else {
            try await refresh()
        }
    }

    /// Ends; what waits is kept.
    func stop() {
        later?.cancel()
        later = nil
    }

    private func refresh() async throws {
        let changes = pending
        guard !changes.isEmpty else { return }
        isRefreshing = true
        defer { isRefreshing = false }
        do {
            try await send(changes)
            hasFailed = false
            lastRefresh = host.now
        } catch let error as PluginError where error.code == .notFound {
            // No library holds them, and asking again would not change that.
            pending.removeAll { changes.contains($0) }
            try await keep()
            throw error
        } catch {
            hasFailed = true
            throw error
        }
        pending.removeAll { changes.contains($0) }
        try await keep()
    }

    private func send(_ changes: [Change]) async throws {
        var libraries = try await libraries()
        // A library that was added since then is not known yet.
        if !changes.allSatisfy({ change in libraries.contains { $0.holds(change.path) } }) {
            known = nil
            libraries = try await self.libraries()
        }
        let held = changes.filter { change in libraries.contains { $0.holds(change.path) } }
        if !held.isEmpty { try await server.refresh(held, in: libraries) }
        guard let lost = changes.first(where: { !held.contains($0) }) else { return }
        let error = LibraryMismatch(path: lost.path, libraries: libraries).error
        guard held.isEmpty else { return host.log(.warning, error.message, fields: [:]) }
        throw error
    }

    private func libraries() async throws -> [MediaLibrary] {
        if let known, (0..<Self.memory).contains(host.now.timeIntervalSince(known.time)) { return known.libraries }
        let libraries = try await server.libraries()
        known = (libraries, host.now)
        return libraries
    }

    private func refreshLater(after seconds: Double) {
        guard later == nil else { return }
        later = Task {
            try? await sleeper.sleep(for: .seconds(seconds))
            for attempt in 0..<Self.mostAttempts where !Task.isCancelled {
                if await self.refreshInBackground() { break }
                try? await sleeper.sleep(for: .seconds(Self.waits[min(attempt, Self.waits.count - 1)]))
            }
            if !Task.isCancelled { self.later = nil }
        }
    }

    /// - Returns: whether nothing is left to do.
    private func refreshInBackground() async -> Bool {
        guard !isRefreshing else { return false }
        do {
            try await refresh()
            return pending.isEmpty
        } catch let error as PluginError {
            host.log(.warning, "The media server was not told of a change: \(error.message)", fields: [:])
            return pending.isEmpty
        } catch {
            return false
        }
    }

    private func load() async throws {
        guard !hasLoaded else { return }
        let stored = try await host.value(for: Self.key)
        guard !hasLoaded else { return }
        hasLoaded = true
        // What another version has written, and cannot be read here, was to be looked at long ago.
        pending = stored.flatMap { try? JSONDecoder().decode([Change].self, from: $0) } ?? []
    }

    private func keep() async throws {
        try await host.setValue(pending.isEmpty ? nil : try JSONEncoder().encode(pending), for: Self.key)
    }
}
