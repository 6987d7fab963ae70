import Cryptography
import FoundationEssentials
import PluginAPI
import Synchronization

/// Remembers what the ids of found releases stand for, so that links with keys in them never leave the server.
///
/// In memory only: after a restart people search again. The oldest ones go when there are too many.
final class ReleaseShelf: Sendable {
    /// Where a release can be had.
    struct Source: Sendable, Equatable {
        let indexerID: String
        /// What `Indexer.fetch` takes; it may hold a secret.
        let link: String
    }

    /// What a grab needs to know of a release.
    struct Kept: Sendable {
        let title: String
        /// The indexer that gave it first, then others that have it too, as they answered.
        fileprivate(set) var sources: [Source]
        fileprivate var expires: Date
        /// Its indexer's name for it, by which it is known again.
        fileprivate let name: String
    }

    fileprivate struct State {
        var releases: [String: Kept] = [:]
        var ids: [String: String] = [:]
    }

    /// Seconds for which a release can be grabbed after it was found last.
    static let lifetime: TimeInterval = 3600
    /// Releases that are remembered: two searches of the largest kind.
    static let capacity = 2 * ReleaseCollection.most
    /// Other indexers that are tried for one release.
    private static let mostSources = 10

    private let state = Mutex(State())
    private let clock: any WallClock
    private let capacity: Int

    init(clock: any WallClock, capacity: Int = ReleaseShelf.capacity) {
        self.clock = clock
        self.capacity = capacity
    }

    /// Remembers a release.
    ///
    /// - Returns: the id, the same as before for one that is still remembered.
    func keep(_ release: Release, of indexer: Instance) -> String {
        let now = clock.now
        let source = Source(indexerID: indexer.id, link: release.link)
        // With the title, for there are indexers that give several releases one guid.
        let name = [indexer.id, release.guid, release.title].joined(separator: "\n")
        return state.withLock { state in
            let id = state.ids[name] ?? "r_" + RandomBytes.uuid()
            state.ids[name] = id
            state.releases[id] = Kept(
                title: release.title,
                sources: [source],
                expires: now + Self.lifetime,
                name: name
            )
            if state.releases.count > capacity { state.shrink(to: capacity, now: now) }
            return id
        }
    }

    /// Another indexer has a release too.
    func add(_ source: Source, to id: String) {
        state.withLock { state in
            guard let kept = state.releases[id], kept.sources.count < Self.mostSources else { return }
            state.releases[id]?.sources.append(source)
        }
    }

    /// The release with that id; `nil` when it is not remembered any more.
    func find(_ id: String) -> Kept? {
        let now = clock.now
        return state.withLock { state in
            guard let kept = state.releases[id], kept.expires > now else { return nil }
            return kept
        }
    }
}

extension ReleaseShelf.State {
    /// Forgets what has expired, and so much of the oldest that a tenth is free: not at every new one again.
    fileprivate mutating func shrink(to capacity: Int, now: Date) {
        let ages = releases.sorted { $0.value.expires < $1.value.expires }
        let surplus = releases.count - capacity * 9 / 10
        for (index, entry) in ages.enumerated() where index < surplus || entry.value.expires <= now {
            releases[entry.key] = nil
            ids[entry.value.name] = nil
        }
    }
}
