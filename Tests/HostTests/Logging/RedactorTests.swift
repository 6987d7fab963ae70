import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("Secrets in texts")
struct RedactorTests {
    private let redactor = Redactor()

    @Test("are taken out wherever they stand")
    func everywhere() {
        redactor.remember("hunter22")
        #expect(redactor.redact("a hunter22 bhunter22") == "a *** b***")
        #expect(redactor.redact("hunter2") == "hunter2")
    }

    @Test("a secret that holds another one vanishes whole")
    func nested() {
        redactor.remember("hunter22")
        redactor.remember("hunter22-and-more")
        #expect(redactor.redact("hunter22-and-more hunter22") == "*** ***")
    }

    @Test("too short ones are not looked for")
    func short() {
        redactor.remember("abcd")
        #expect(redactor.redact("abcd") == "abcd")
    }

    @Test(
        "they are hidden in the forms in which another program repeats them",
        arguments: [
            ("Bearer tk_hunter22", "tk_hunter22"), (" hunter22\n", "hunter22"),
            ("a+b/hunter22==", "a%2Bb%2Fhunter22%3D%3D"),
            ("https://discord.example/api/webhooks/1/hunter22hunter22-x", "hunter22hunter22-x"),
            ("https://me:hunter22@hooks.example/x", "hunter22"),
            ("http://127.0.0.1/dl/1?passkey=hunter22hunter22", "hunter22hunter22"),
        ]
    )
    func forms(secret: String, repeated: String) {
        redactor.remember(secret)
        #expect(redactor.redact("It says: \(repeated)!") == "It says: ***!")
        redactor.forget(secret)
        #expect(redactor.redact(repeated) == repeated)
    }

    @Test("the words of a pass phrase and the names in an address stay")
    func ordinaryWords() {
        redactor.remember("correct horse battery")
        redactor.remember("https://hooks.example/services/notifications/kinodock")
        let words = "The battery of hooks.example has no services, notifications or kinodock."
        #expect(redactor.redact(words) == words)
    }

    @Test("one that two instances have is hidden until both have let it go")
    func counted() {
        redactor.remember("hunter22")
        redactor.remember("hunter22")
        redactor.forget("hunter22")
        #expect(redactor.redact("hunter22") == "***")
        redactor.forget("hunter22")
        redactor.forget("hunter22")
        #expect(redactor.redact("hunter22") == "hunter22")
    }

    @Test(
        "never get into the log, in either form and even when the form has to escape them",
        arguments: Logger.Format.allCases
    )
    func log(format: Logger.Format) throws {
        let secret = #"hun"ter\22"#
        redactor.remember(secret)
        let lines = Recorder<String>()
        let logger = Logger(format: format, redactor: redactor, clock: ManualClock()) {
            lines.add(String(decoding: $0, as: UTF8.self))
        }
        let fields: [String: JSONValue] = [
            "field": .string(secret), "deep": [["x": .string("b" + secret)]], secret: .object([secret: true]),
        ]
        logger.error("a \(secret)", fields)
        let line = try #require(lines.all.first)
        #expect(!line.contains("hun") && line.contains("a ***") && line.hasSuffix("\n"))
    }

    @Test("errors of a plugin hold none")
    func connection() async throws {
        redactor.remember("hunter22")
        let client = ScriptedClient()
        client.fail("test", PluginError(.unauthorized, "The password hunter22 is wrong.", field: "password"))
        let plugins = ScriptedPlugins()
        plugins.state.withLock { $0.clients["one"] = client }
        let inner = try await plugins.connect(
            "scripted",
            settings: Data(#"{"host":"one"}"#.utf8),
            services: RecordingServices()
        )
        let connection = RedactingConnection(connection: inner, redactor: redactor)
        let error = await #expect(throws: PluginError.self) { try await RemoteDownloadClient(connection).test() }
        #expect(error?.message == "The password *** is wrong." && error?.field == "password")
        await connection.shutDown()
        #expect(plugins.state.withLock(\.shutDowns) == 1)
    }
}

@Suite("The log")
struct LoggerTests {
    private let lines = Recorder<String>()

    private func logger(_ level: LogLevel = .info, _ format: Logger.Format = .text) -> Logger {
        Logger(level: level, format: format, redactor: Redactor(), clock: ManualClock()) { [lines] in
            lines.add(String(decoding: $0, as: UTF8.self))
        }
    }

    @Test("a line has the time, the level, the words and the fields in order")
    func text() {
        logger().info("Done.", ["b": 2, "a": "x"])
        #expect(lines.all == ["2024-01-15T10:30:00Z info Done. a=x b=2\n"])
    }

    @Test("a line of JSON has the same as members")
    func json() {
        logger(.info, .json).warning("Do\nne.", ["a": "x"])
        let expected = #"{"a":"x","level":"warning","message":"Do\nne.","time":"2024-01-15T10:30:00Z"}"# + "\n"
        #expect(lines.all == [expected])
    }

    @Test("nothing that a text holds can look like a second line")
    func singleLine() {
        logger().info("a\nb\r\nc", ["k": "d\ne\tf"])
        #expect(lines.all == ["2024-01-15T10:30:00Z info a b c k=d e f\n"])
    }

    @Test("no text and no name of a field can steer a terminal or look like another line")
    func controls() {
        logger().info("a\u{1B}[2Jb\u{7F}\u{9B}c\u{2028}d\u{202E}e", ["k\nx": "\u{0}"])
        #expect(lines.all == [#"2024-01-15T10:30:00Z info a\u{1b}[2Jb\u{7f}\u{9b}c d\u{202e}e k x=\u{0}"# + "\n"])
    }

    @Test("lines below the level are left out")
    func level() {
        let logger = logger(.warning)
        logger.debug("a")
        logger.info("b")
        logger.warning("c")
        logger.error("d")
        #expect(lines.all.count == 2)
    }
}
