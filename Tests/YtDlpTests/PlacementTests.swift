import Testing

@testable import YtDlp

@Suite("Where finished files go")
struct PlacementTests {
    private func placement(_ paths: [String], taken: Set<String> = []) -> Placement? {
        Placement(of: paths.map { Download.File(path: $0, size: 1) }, name: "A name", isTaken: taken.contains)
    }

    @Test("one file goes where its name says")
    func one() {
        #expect(placement(["One/A film [1].mp4"])?.content == "One/A film [1].mp4")
    }

    @Test("several go into a folder with the name that they share")
    func several() throws {
        let plan = try #require(placement(["A film [1].mp4", "A film [1].en.vtt", "A film [1].info.json"]))
        #expect(plan.content == "A film [1]")
        #expect(
            plan.moves.map(\.to) == [
                "A film [1]/A film [1].mp4", "A film [1]/A film [1].en.vtt", "A film [1]/A film [1].info.json",
            ]
        )
    }

    @Test("an extension is no part of a shared name")
    func extensions() {
        #expect(placement(["A.mp4", "A.m4a"])?.content == "A")
    }

    @Test("several in a folder stay below it, in one of their own")
    func nested() throws {
        let plan = try #require(placement(["One/01 a.mp4", "One/02 b.mp4"]))
        #expect(plan.content == "One/A name")
        #expect(plan.moves.map(\.to) == ["One/A name/01 a.mp4", "One/A name/02 b.mp4"])
    }

    @Test("files that share nothing have the name of the download")
    func unlike() {
        #expect(placement(["x.mp4", "y.mp4"])?.content == "A name")
    }

    @Test("what is there already is not touched")
    func taken() {
        #expect(placement(["A.mp4"], taken: ["A.mp4", "A (2).mp4"])?.content == "A (3).mp4")
        #expect(placement(["A.mp4", "A.vtt"], taken: ["A"])?.content == "A (2)")
    }

    @Test("no files make no place")
    func none() {
        #expect(placement([]) == nil)
    }
}
