import PluginAPI
import Testing

@testable import Host

@Suite("The releases that are remembered")
struct ReleaseShelfTests {
    private let indexer = HostWorld.instance("one", implementation: "finder", kind: .indexer)

    @Test("a release has an id that says nothing, and the same one when it is found again")
    func ids() {
        let clock = ManualClock()
        let shelf = ReleaseShelf(clock: clock)
        let id = shelf.keep(.sample("A", guid: "http://site/a?passkey=1"), of: indexer)
        #expect(id.hasPrefix("r_") && !id.contains("site") && id.count > 20)
        clock.advance(ReleaseShelf.lifetime - 1)
        #expect(shelf.keep(.sample("A", guid: "http://site/a?passkey=1"), of: indexer) == id)
        clock.advance(ReleaseShelf.lifetime - 1)
        #expect(shelf.find(id)?.title == "A")
        #expect(shelf.keep(.sample("B"), of: indexer) != id)
    }

    @Test("two releases of one guid have ids of their own")
    func sameGuid() {
        let shelf = ReleaseShelf(clock: ManualClock())
        let ids = ["A", "B"].map { shelf.keep(.sample($0, guid: "g"), of: indexer) }
        #expect(ids.map { shelf.find($0)?.title } == ["A", "B"])
    }

    @Test("it is forgotten after its time")
    func expiry() {
        let clock = ManualClock()
        let shelf = ReleaseShelf(clock: clock)
        let id = shelf.keep(.sample("A"), of: indexer)
        clock.advance(ReleaseShelf.lifetime)
        #expect(shelf.find(id) == nil && shelf.find("r_nothing") == nil)
    }

    @Test("the oldest ones go when there are too many")
    func capacity() {
        let clock = ManualClock()
        let shelf = ReleaseShelf(clock: clock, capacity: 10)
        let ids = (0..<25).map { number in
            clock.advance(1)
            return shelf.keep(.sample("\(number)"), of: indexer)
        }
        let left = ids.filter { shelf.find($0) != nil }
        #expect((5...10).contains(left.count) && left == Array(ids.suffix(left.count)))
    }
}
