import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("The queue as readers see it")
struct QueueIndexTests {
    private let index = QueueIndex()

    private func insert(_ id: String, at seconds: Double, _ change: (inout QueueItem) -> Void = { _ in }) {
        var item = QueueItem.sample(id, added: ManualClock.start + seconds)
        change(&item)
        index.set(item, at: ManualClock.start)
    }

    private func page(
        _ filter: QueueIndex.Filter = .init(),
        page: Int = 1,
        limit: Int = 20,
        isPrivate: Bool = true
    ) throws -> JSONValue {
        try JSONValue(index.page(filter, page: page, limit: limit, isPrivate: isPrivate))
    }

    private func ids(_ filter: QueueIndex.Filter = .init(), page number: Int = 1, limit: Int = 20) throws -> [String] {
        try page(filter, page: number, limit: limit).ids
    }

    @Test("is in the order of adding, and of ids at the same time")
    func order() throws {
        insert("c", at: 5)
        insert("b", at: 1)
        insert("a", at: 5)
        insert("d", at: 0)
        #expect(try ids() == ["d", "b", "a", "c"])
        index.remove(["b"])
        insert("e", at: 2)
        #expect(try ids() == ["d", "e", "a", "c"])
        insert("a", at: 5) { $0.title = "changed" }
        #expect(try ids() == ["d", "e", "a", "c"])
        #expect(try page()["items"]?.array?[2]["title"] == "changed")
    }

    @Test(
        "is cut into pages",
        arguments: [
            (1, 2, ["0", "1"]), (2, 2, ["2", "3"]), (3, 2, ["4"]), (4, 2, []), (1, 100, ["0", "1", "2", "3", "4"]),
            (Int.max, 100, []),
        ]
    )
    func pages(number: Int, limit: Int, expected: [String]) throws {
        for number in 0..<5 { insert(String(number), at: Double(number)) }
        let page = try page(page: number, limit: limit)
        #expect(page.ids == expected)
        #expect(page["totalRecords"] == 5 && page["page"] == .integer(Int64(number)))
        #expect(page["pageSize"] == .integer(Int64(limit)))
    }

    @Test("an empty queue is an empty page")
    func empty() {
        let bytes = index.page(.init(), page: 1, limit: 20, isPrivate: true)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"items":[],"totalRecords":0,"page":1,"pageSize":20}"#)
    }

    @Test("can be filtered by status, movie and series, and follows changes")
    func filters() throws {
        insert("movie", at: 0) { $0.media = .init(titleID: "m", kind: .movie) }
        insert("series", at: 1) { $0.media = .init(titleID: "s", kind: .series) }
        insert("paused", at: 2) { $0.report(.paused) }
        #expect(try ids(.init(movieID: "m")) == ["movie"])
        #expect(try ids(.init(seriesID: "s")) == ["series"])
        #expect(try ids(.init(movieID: "s")) == [] && ids(.init(seriesID: "m")) == [])
        #expect(try ids(.init(status: .paused)) == ["paused"])
        insert("movie", at: 0) { $0.report(.paused) }
        #expect(try ids(.init(status: .paused)) == ["movie", "paused"])
        #expect(try ids(.init(movieID: "m")) == [])
        index.remove(["paused"])
        #expect(try ids(.init(status: .paused)) == ["movie"])
    }

    @Test("hides what is imported or ignored unless it is asked for")
    func hidden() throws {
        insert("a", at: 0)
        insert("b", at: 1) { _ = $0.tracked.ignore() }
        #expect(try ids() == ["a"])
        #expect(try ids(.init(includesHidden: true)) == ["a", "b"])
        #expect(index.counts.hidden == 1 && index.counts.byStatus == [.queued: 1])
    }

    @Test("shows the path to those with a key only")
    func redaction() throws {
        insert("a", at: 0) { $0.outputPath = "/home/someone/film" }
        #expect(try page(isPrivate: true)["items"]?.array?.first?["outputPath"] == "/home/someone/film")
        #expect(try page(isPrivate: false)["items"]?.array?.first?["outputPath"] == .null)
        let shown = try #require(index.item("a", isPrivate: false))
        #expect(try JSONValue(shown)["outputPath"] == .null)
        #expect(index.item("nothing", isPrivate: true) == nil)
    }
}
