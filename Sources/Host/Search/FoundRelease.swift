import PluginAPI

/// A release that a search has found, with what its name tells.
struct FoundRelease: Sendable, Identifiable {
    /// An indexer that has it.
    struct Source: Sendable, Equatable {
        let indexerID: String
        let indexerName: String
        /// Of the indexer: lower comes first.
        let priority: Int
    }

    /// What `POST /api/queue` takes; it says nothing about the indexer.
    let id: String
    let release: Release
    /// The indexers that have it, the preferred one first.
    var sources: [Source]
    let quality: ReleaseQuality
    /// From 0 to 100, as in the queue.
    let score: Int
    private let rank: Int
    private let revision: Int

    init(_ release: Release, id: String, source: Source, qualities: QualityTable) {
        let name = ReleaseName(release.title)
        self.id = id
        self.release = release
        sources = [source]
        quality = name.quality
        score = qualities.score(of: name.quality)
        rank = qualities.rank(of: name.quality)
        revision = name.repack + (name.isProper ? 1 : 0)
    }

    /// Whether it stands before `other` in a list.
    ///
    /// Torrents that nobody has come last. Then the better quality comes first, a repaired release before the first one,
    /// the preferred indexer, the torrent with more seeders, and the newer one.
    func isBetter(than other: FoundRelease) -> Bool {
        if isDead != other.isDead { return other.isDead }
        if rank != other.rank { return rank > other.rank }
        if revision != other.revision { return revision > other.revision }
        if priority != other.priority { return priority < other.priority }
        if seeders != other.seeders { return seeders > other.seeders }
        let (published, others) = (release.published ?? "", other.release.published ?? "")
        return published != others ? published > others : (release.title, id) < (other.release.title, other.id)
    }

    private var isDead: Bool { release.seeders == 0 }
    private var seeders: Int { release.seeders ?? 0 }
    private var priority: Int { sources.first?.priority ?? 0 }
}
