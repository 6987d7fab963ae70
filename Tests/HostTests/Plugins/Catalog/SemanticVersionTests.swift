import Testing

@testable import Host

@Suite("Versions of plugins")
struct SemanticVersionTests {
    @Test(
        "have an order",
        arguments: [
            ("1.9.0", "1.10.0"), ("1.0.0-beta.2", "1.0.0-beta.11"), ("1.0.0-rc.1", "1.0.0"),
            ("1.0.0-alpha", "1.0.0-beta"),
            ("1.0.0-1", "1.0.0-alpha"), ("1", "1.0.1"),
        ]
    )
    func order(lower: String, higher: String) {
        #expect(SemanticVersion(lower) < SemanticVersion(higher))
        #expect(!(SemanticVersion(higher) < SemanticVersion(lower)))
    }

    @Test("are equal whatever their build is", arguments: [("1.0.0+a", "1.0.0+b"), ("1.0", "1.0.0")])
    func equal(first: String, second: String) {
        #expect(SemanticVersion(first) == SemanticVersion(second))
    }
}
