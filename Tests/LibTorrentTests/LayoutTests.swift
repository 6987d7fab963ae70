import PluginAPI
import Testing

@testable import LibTorrent

struct LayoutTests {
    /// Pieces of 100 bytes: a of 50, b of 230 from the middle of a piece, c of 0, d of 20 at the end.
    private let layout = TorrentLayout(
        files: [
            .init(index: 0, path: "Film/a", size: 50, offset: 0),
            .init(index: 2, path: "Film/b", size: 230, offset: 50),
            .init(index: 3, path: "Film/c", size: 0, offset: 280),
            .init(index: 4, path: "Film/d", size: 20, offset: 280),
        ],
        slots: 5,
        pieceCount: 3,
        pieceSize: 100
    )

    private func ranges(_ index: Int, _ pieces: [UInt8]) throws -> [[Int64]] {
        let file = try #require(layout.file(index))
        return layout.verifiedRanges(of: file, pieces).map { [$0.offset, $0.length] }
    }

    @Test("tells which bytes of a file stand in verified pieces")
    func verified() throws {
        #expect(try ranges(2, [1, 1, 1]) == [[0, 230]])
        #expect(try ranges(2, [1, 0, 1]) == [[0, 50], [150, 80]])
        #expect(try ranges(2, [0, 1, 0]) == [[50, 100]])
        #expect(try ranges(0, [1, 0, 0]) == [[0, 50]])
        #expect(try ranges(4, [0, 0, 1]) == [[0, 20]])
        #expect(try ranges(2, [0, 0, 0]) == [])
    }

    @Test("has no bytes in an empty file, and none in pieces that are not told")
    func nothing() throws {
        #expect(try ranges(3, [1, 1, 1]) == [])
        #expect(try ranges(2, []) == [])
    }

    @Test(
        "knows the pieces of a range, which may reach beyond the file",
        arguments: [
            (Int64(0), Int64(1), 0..<1), (0, 230, 0..<3), (49, 51, 0..<2), (50, 60, 1..<2), (229, 900, 2..<3),
            (230, 900, 0..<0), (500, 900, 0..<0),
        ]
    )
    func pieces(start: Int64, end: Int64, expected: Range<Int>) throws {
        #expect(layout.pieces(of: start..<end, in: try #require(layout.file(2))) == expected)
    }

    @Test("names the folder that holds everything")
    func root() {
        #expect(layout.root == "Film")
    }
}
