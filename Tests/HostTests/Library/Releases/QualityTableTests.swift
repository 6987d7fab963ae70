import FoundationEssentials
import Testing

@testable import Host

struct QualityTableTests {
    @Test("gives the cutoff of the default profile 100, and all that is better too")
    func cutoff() {
        let table = QualityTable.standard
        let cutoff = ReleaseQuality(source: .bluray, resolution: .r1080)
        #expect(table.score(of: cutoff) == 100)
        for better in [ReleaseSource.remux, .bluray, .webdl].map({ ReleaseQuality(source: $0, resolution: .r2160) }) {
            #expect(table.score(of: better) == 100)
            #expect(table.rank(of: better) > table.rank(of: cutoff))
        }
    }

    @Test("never gives a better rank a lower score")
    func monotone() {
        let scores = QualityTable.standard.rows.map(\.score)
        #expect(scores == scores.sorted())
    }

    @Test("names every quality that a release can have", arguments: ReleaseSource.allCases)
    func complete(source: ReleaseSource) {
        for resolution in [nil, Resolution.r480, .r720, .r1080, .r2160] {
            #expect(QualityTable.standard.rank(of: ReleaseQuality(source: source, resolution: resolution)) > 0)
        }
    }

    @Test("reads a table that a user edited")
    func editable() throws {
        let json = Data(#"[{"name":"DVD","rank":2,"score":100},{"name":"bluray-1080P","rank":1,"score":5}]"#.utf8)
        let table = try QualityTable(json: json)
        #expect(table.score(of: ReleaseQuality(source: .dvd)) == 100)
        #expect(table.score(of: ReleaseQuality(source: .bluray, resolution: .r1080)) == 5)
        #expect(table.score(of: ReleaseQuality(source: .cam)) == 0)
    }

    @Test(
        "refuses a table that makes no sense",
        arguments: [
            "{}", "[{\"name\":\"DVD\"}]", #"[{"name":"DVD","rank":1,"score":101}]"#,
            #"[{"name":"DVD","rank":1,"score":1},{"name":"dvd","rank":2,"score":2}]"#,
        ]
    )
    func refuses(text: String) {
        #expect(throws: QualityTable.Refusal.self) { try QualityTable(json: Data(text.utf8)) }
    }
}
