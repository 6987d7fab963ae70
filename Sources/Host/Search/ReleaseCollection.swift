import PluginAPI

/// The releases of one search, each once, however many indexers have it.
struct ReleaseCollection: Sendable {
    /// Releases of one search; what is more is left out.
    static let most = 2500

    private var releases: [FoundRelease] = []
    private var places: [String: Int] = [:]
    /// Whether releases were left out.
    private(set) var isTruncated = false

    private let shelf: ReleaseShelf
    private let qualities: QualityTable

    init(shelf: ReleaseShelf, qualities: QualityTable) {
        self.shelf = shelf
        self.qualities = qualities
    }

    /// Best first.
    var sorted: [FoundRelease] { releases.sorted { $0.isBetter(than: $1) } }

    /// Takes in what an indexer has given.
    ///
    /// - Returns: what no indexer had given before, best first.
    mutating func add(_ found: [Release], from indexer: Instance) -> [FoundRelease] {
        var new: [FoundRelease] = []
        let source = FoundRelease.Source(
            indexerID: indexer.id,
            indexerName: indexer.name,
            priority: indexer.priority
        )
        for release in found {
            let keys = Self.keys(of: release)
            if let place = keys.compactMap({ places[$0] }).first {
                for key in keys { places[key] = place }
                addSource(source, release, at: place)
            } else if releases.count < Self.most {
                let id = shelf.keep(release, of: indexer)
                new.append(FoundRelease(release, id: id, source: source, qualities: qualities))
                for key in keys { places[key] = releases.count }
                releases.append(new[new.endIndex - 1])
            } else {
                isTruncated = true
            }
        }
        return new.sorted { $0.isBetter(than: $1) }
    }

    private mutating func addSource(_ source: FoundRelease.Source, _ release: Release, at place: Int) {
        guard !releases[place].sources.contains(where: { $0.indexerID == source.indexerID }) else { return }
        let position = releases[place].sources.firstIndex { $0.priority > source.priority }
        releases[place].sources.insert(source, at: position ?? releases[place].sources.endIndex)
        shelf.add(.init(indexerID: source.indexerID, link: release.link), to: releases[place].id)
    }

    /// What two indexers that have the same release call alike.
    ///
    /// Many indexers number their releases, so that the same guid means something else at each of them: the title has to
    /// be the same as well. A hash of zeros is what some give who do not know it.
    private static func keys(of release: Release) -> [String] {
        let hash = release.infoHash.flatMap { $0.contains { $0 != "0" } ? "hash:" + $0.lowercased() : nil }
        return [hash, "guid:\(release.guid)\n\(release.title.lowercased())"].compactMap(\.self)
    }
}
