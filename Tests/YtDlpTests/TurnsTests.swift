import FoundationEssentials
import PluginAPI
import Testing

@testable import YtDlp

@Suite("Whose turn it is")
struct TurnsTests {
    private func download(_ id: String, _ host: String = "a", _ priority: DownloadPriority? = nil) -> Download {
        Download(
            id: id,
            link: "http://\(host)/\(id)",
            name: id,
            priority: priority?.rawValue,
            root: "/r",
            folder: "/r",
            options: DownloadOptions(),
            hasCookies: false,
            phase: .queued,
            added: Date(timeIntervalSince1970: 0)
        )
    }

    @Test("the first ones, up to the limit")
    func limit() {
        let waiting = (1...4).map { download("\($0)", "host\($0)") }
        #expect(Turns(most: 2, mostPerHost: 2).next(waiting, running: []) == ["1", "2"])
        #expect(Turns(most: 2, mostPerHost: 2).next(waiting, running: [download("0")]) == ["1"])
    }

    @Test("one site does not take all places")
    func perHost() {
        let waiting = [download("1"), download("2"), download("3", "b")]
        #expect(Turns(most: 3, mostPerHost: 1).next(waiting, running: []) == ["1", "3"])
        #expect(Turns(most: 3, mostPerHost: 1).next(waiting, running: [download("0")]) == ["3"])
    }

    @Test("the urgent ones first, and forced ones at once")
    func priority() {
        let waiting = [download("low", "a", .low), download("normal", "b"), download("high", "c", .high)]
        #expect(Turns(most: 2, mostPerHost: 1).next(waiting, running: []) == ["high", "normal"])
        let forced = download("force", "a", .force)
        #expect(Turns(most: 1, mostPerHost: 1).next([forced], running: [download("0")]) == ["force"])
    }
}

@Suite("What has changed since when")
struct ChangeLogTests {
    @Test("is told until it is known")
    func changes() throws {
        var log = ChangeLog()
        let start = log.revision
        log.note("a")
        log.note("b")
        #expect(try #require(log.changes(after: start)).changed.sorted() == ["a", "b"])
        let middle = log.revision
        log.note("a")
        log.noteRemoval("b")
        let changes = try #require(log.changes(after: middle))
        #expect(changes.changed == ["a"] && changes.removed == ["b"])
        #expect(try #require(log.changes(after: log.revision)).changed.isEmpty)
    }

    @Test("of a revision that nobody knows, or that is too old, is everything")
    func unknown() {
        var log = ChangeLog()
        #expect(log.changes(after: 99) == nil)
        for number in 0...1001 { log.noteRemoval("\(number)") }
        #expect(log.changes(after: 1) == nil)
    }
}
