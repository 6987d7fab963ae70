import PluginAPI
import Testing

struct VersionCheckTests {
    @Test(
        "versions are compared number by number, as far as both go",
        arguments: [
            ("1.9", "1.19", false), ("1.19.0", "1.19", true), ("2.0", "1.19", true), ("1", "1.19", true),
            ("15.4", "16", false), ("21.0-testing", "16", true), ("2.9.1", "3.0", false), ("3.0.0Beta1", "3.0", true),
            ("develop", "3.0", true), ("2.x", "3.0", false), ("", "2.0", true),
        ]
    )
    func isNewEnough(version: String, oldest: String, isNewEnough: Bool) {
        let check = ConnectionReport.Check.version(version, of: "Example", oldest: oldest)
        #expect(check.name == "version" && check.ok == isNewEnough)
    }

    @Test("what is too old is said with what is needed")
    func words() {
        let check = ConnectionReport.Check.version("1.3.15", of: "Example", oldest: "2.0")
        #expect(check.message == "Example 1.3.15 is too old: 2.0 or newer is needed.")
    }
}
