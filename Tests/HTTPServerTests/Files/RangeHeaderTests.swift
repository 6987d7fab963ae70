import Testing

@testable import HTTPServer

@Suite("A Range field")
struct RangeHeaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        let expected: RangeHeader
        var length: UInt64 = 1_000

        var testDescription: String { "\(field) of \(length)" }
    }

    @Test(
        "gives what RFC 9110 section 14 says",
        arguments: [
            Case(field: "bytes=0-0", expected: .ranges([0..<1])),
            Case(field: "bytes=0-", expected: .ranges([0..<1_000])),
            Case(field: "Bytes = 5-9", expected: .ranges([5..<10])),
            Case(field: "bytes=990-5000", expected: .ranges([990..<1_000])),
            Case(field: "bytes=-1", expected: .ranges([999..<1_000])),
            Case(field: "bytes=-5000", expected: .ranges([0..<1_000])),
            Case(field: "bytes=-0", expected: .unsatisfiable),
            Case(field: "bytes=1000-", expected: .unsatisfiable),
            Case(field: "bytes=1000-,-0", expected: .unsatisfiable),
            Case(field: "bytes=99999999999999999999-", expected: .unsatisfiable),
            Case(field: "bytes=0-99999999999999999999", expected: .ranges([0..<1_000])),
            Case(field: "bytes=18446744073709551615-", expected: .unsatisfiable),
            Case(field: "bytes= 0-1 , , 5-6 ,", expected: .ranges([0..<2, 5..<7])),
            Case(field: "bytes=500-600,0-1", expected: .ranges([500..<601, 0..<2])),
            Case(field: "bytes=0-1,5000-", expected: .ranges([0..<2])),
            Case(field: "bytes=0-10,5-20", expected: .ranges([0..<21])),
            Case(field: "bytes=100-199,0-9,150-250", expected: .ranges([100..<251, 0..<10])),
            Case(field: "bytes=0-4,5-9", expected: .ranges([0..<10])),
            Case(field: "bytes=0-,0-,0-,0-", expected: .ignored),
            Case(field: "bytes=5-1", expected: .ignored),
            Case(field: "bytes=0-1,5-1", expected: .ignored),
            Case(field: "bytes=a-b", expected: .ignored),
            Case(field: "bytes=", expected: .ignored),
            Case(field: "bytes=-", expected: .ignored),
            Case(field: "bytes", expected: .ignored),
            Case(field: "bytes=+1-2", expected: .ignored),
            Case(field: "items=0-1", expected: .ignored),
            Case(field: "bytes=0-", expected: .unsatisfiable, length: 0),
            Case(field: "bytes=-5", expected: .ignored, length: 0),
            Case(
                field: "bytes=" + (0..<51).map { "\($0 * 10)-\($0 * 10)" }.joined(separator: ","),
                expected: .ignored
            ),
            Case(
                field: "bytes=" + (0..<50).map { "\($0 * 10)-\($0 * 10)" }.joined(separator: ","),
                expected: .ranges((0..<50).map { UInt64($0) * 10..<UInt64($0) * 10 + 1 })
            ),
        ]
    )
    func parses(test: Case) {
        #expect(RangeHeader(test.field, length: test.length) == test.expected)
    }
}
