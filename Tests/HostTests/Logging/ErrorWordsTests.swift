import FoundationEssentials
import Testing

@testable import Host

struct ErrorWordsTests {
    @Test("an error of a file says what the system says")
    func file() {
        let error = #expect(throws: CocoaError.self) { try Data(contentsOf: URL(filePath: "/nowhere/at/all")) }
        #expect(error?.words == "No such file or directory")
    }

    @Test("an error of a folder says what the system says")
    func folder() {
        let error = #expect(throws: CocoaError.self) {
            try FileManager.default.createDirectory(atPath: "/dev/null/inside", withIntermediateDirectories: true)
        }
        #expect(error?.words == "Not a directory")
    }

    @Test("an error without a cause has no code in it that only programs understand")
    func withoutCause() {
        #expect(CocoaError(.fileReadNoPermission).words == "permission denied")
        #expect(!CocoaError(.fileReadUnknown).words.contains("CocoaError"))
    }

    @Test("a failure of a command is its message")
    func command() {
        #expect(CommandFailure("The disk is full.").words == "The disk is full.")
        #expect(UsageError("Say what.").words == "Say what.")
    }
}
