import PluginAPI
import Testing

@testable import Host

@Suite("The releases of a search")
struct ReleaseCollectionTests {
    private let shelf = ReleaseShelf(clock: ManualClock())
    private let one = HostWorld.instance("one", priority: 1, implementation: "finder", kind: .indexer)
    private let two = HostWorld.instance("two", priority: 2, implementation: "finder", kind: .indexer)

    private func collection() -> ReleaseCollection { ReleaseCollection(shelf: shelf, qualities: .standard) }

    @Test("the same torrent at two indexers is one release that both have")
    func sameHash() throws {
        var collection = collection()
        let hash = String(repeating: "ab", count: 20)
        #expect(collection.add([.sample("A", guid: "1") { $0.infoHash = hash }], from: one).count == 1)
        #expect(collection.add([.sample("B", guid: "2") { $0.infoHash = hash.uppercased() }], from: two).isEmpty)
        let release = try #require(collection.sorted.first)
        #expect(collection.sorted.count == 1 && release.release.title == "A")
        #expect(release.sources.map(\.indexerName) == ["one", "two"])
        #expect(shelf.find(release.id)?.sources.map(\.indexerID) == ["id-one", "id-two"])
    }

    @Test("the preferred indexer is named first, whoever has answered first")
    func preferred() {
        var collection = collection()
        _ = collection.add([.sample("A", guid: "1")], from: two)
        _ = collection.add([.sample("A", guid: "1")], from: one)
        #expect(collection.sorted.first?.sources.map(\.indexerName) == ["one", "two"])
    }

    @Test("a release that one indexer gives twice is one release")
    func sameGuid() {
        var collection = collection()
        #expect(collection.add([.sample("A", guid: "1"), .sample("A", guid: "1")], from: one).count == 1)
        #expect(collection.sorted.first?.sources.count == 1)
    }

    @Test("a guid that means another release at another indexer joins nothing, and nor does a hash of zeros")
    func numbers() {
        var collection = collection()
        let none = String(repeating: "0", count: 40)
        _ = collection.add([.sample("A", guid: "4711") { $0.infoHash = none }], from: one)
        #expect(collection.add([.sample("B", guid: "4711") { $0.infoHash = none }], from: two).count == 1)
        #expect(collection.sorted.map(\.sources.count) == [1, 1])
        #expect(Set(collection.sorted.map(\.id)).count == 2)
    }

    @Test("releases without a common name stay apart, whatever they are called")
    func sameTitle() {
        var collection = collection()
        #expect(collection.add([.sample("A", guid: "1"), .sample("A", guid: "2")], from: one).count == 2)
    }

    @Test("the order goes by life, quality, repairs, indexer, seeders and age")
    func order() {
        var collection = collection()
        _ = collection.add(
            [
                .sample("Film.2020.1080p.BluRay.x264-OLD", guid: "old") { $0.published = "2020-01-01T00:00:00Z" },
                .sample("Film.2020.1080p.BluRay.x264-NEW", guid: "new") { $0.published = "2024-01-01T00:00:00Z" },
                .sample("Film.2020.1080p.BluRay.x264-MANY", guid: "many") { $0.seeders = 900 },
                .sample("Film.2020.2160p.Remux-DEAD", guid: "dead") { $0.seeders = 0 },
                .sample("Film.2020.REPACK.1080p.BluRay.x264-FIXED", guid: "fixed"),
                .sample("Film.2020.2160p.WEB-DL-BIG", guid: "big"), .sample("Film.2020.CAM-BAD", guid: "bad"),
            ],
            from: two
        )
        _ = collection.add([.sample("Film.2020.1080p.BluRay.x264-PREFERRED", guid: "preferred")], from: one)
        #expect(
            collection.sorted.map(\.release.guid)
                == ["big", "fixed", "preferred", "many", "new", "old", "bad", "dead"]
        )
    }

    @Test("there is a limit, which is told")
    func limit() {
        var collection = collection()
        let many = (0..<ReleaseCollection.most + 5).map { Release.sample("Film", guid: "\($0)") }
        #expect(collection.add(many, from: one).count == ReleaseCollection.most && collection.isTruncated)
    }
}
