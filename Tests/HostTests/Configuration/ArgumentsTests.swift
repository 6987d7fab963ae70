import Testing

@testable import Host

@Suite("The command line")
struct ArgumentsTests {
    private let flags = ["data", "listen", "log-level"]

    @Test("has flags with values in two forms, and the rest")
    func forms() throws {
        let arguments = try Arguments(
            ["a", "--data", "/x", "--listen=[::1]:0=", "b", "--", "--data"],
            flags: flags,
            of: "serve"
        )
        #expect(arguments.values == ["data": "/x", "listen": "[::1]:0="])
        #expect(arguments.positional == ["a", "b", "--data"])
        #expect(!arguments.wantsHelp)
    }

    @Test("asks for help in two ways", arguments: ["--help", "-h"])
    func help(flag: String) throws {
        #expect(try Arguments(["x", flag], flags: flags, of: "serve").wantsHelp)
    }

    @Test(
        "an unknown flag is answered with the closest one",
        arguments: [("--dta", "--data"), ("--listn=1", "--listen"), ("-data", "--data"), ("--loglevel", "--log-level")]
    )
    func hints(flag: String, hint: String) throws {
        let message = try #require(throws: UsageError.self) { try Arguments([flag, "v"], flags: flags, of: "serve") }
            .message
        #expect(message.contains("Did you mean \(hint)?"))
    }

    @Test("a flag that resembles nothing is answered with where to look")
    func noHint() throws {
        let message = try #require(throws: UsageError.self) {
            try Arguments(["--xyzzyxyzzy"], flags: flags, of: "serve")
        }.message
        #expect(message.contains("kinodock serve --help"))
    }

    @Test("no hint is made of nothing", arguments: ["-v", "-x", "--x"])
    func wildHint(flag: String) throws {
        let message = try #require(throws: UsageError.self) { try Arguments([flag], flags: flags, of: "serve") }.message
        #expect(!message.contains("Did you mean"))
    }

    @Test(
        "a flag at the end, or before another one, needs its value",
        arguments: [["--data"], ["--data", "--listen", "1"]]
    )
    func noValue(words: [String]) throws {
        let message = try #require(throws: UsageError.self) { try Arguments(words, flags: flags, of: "serve") }.message
        #expect(message.contains("--data needs a value"))
        #expect(try Arguments(["--data=--x"], flags: flags, of: "serve").values == ["data": "--x"])
        #expect(try Arguments(["--data="], flags: flags, of: "serve").values == ["data": ""])
    }

    @Test("the exit code tells wrong usage from failure")
    func exitCodes() throws {
        let folder = try TemporaryFolder()
        let data = ["--data", folder.path]
        for words in [
            [], ["serv"], ["--colour"], ["serve", "now"] + data, ["serve", "--dta", "x"], ["key"] + data,
            ["key", "make"] + data,
            ["key", "create"] + data, ["key", "create", "--role", "king", "--name", "x"] + data, ["backup"] + data,
            ["key", "list", "x"] + data, ["restore", "a", "b"] + data, ["check"], ["version", "--data", "x"],
            ["serve", "--listen", "x"] + data,
        ] { #expect(Host.Command.run(words) == 2, "\(words)") }
        for words in [
            ["backup", folder.path + "/copy"] + data, ["restore", folder.path + "/nothing"] + data,
            ["key", "revoke", "nothing"] + data, ["check", folder.path + "/nothing.so"],
        ] { #expect(Host.Command.run(words) == 1, "\(words)") }
        for words in [["--help"], ["version"], ["--version"], ["serve", "--help"], ["key", "list"] + data] {
            #expect(Host.Command.run(words) == 0, "\(words)")
        }
    }

    @Test("a key is made, listed and revoked")
    func keys() throws {
        let folder = try TemporaryFolder()
        let data = ["--data", folder.path]
        #expect(Host.Command.run(["key", "create", "--role", "user", "--name", "tv"] + data) == 0)
        let store = try Store(path: folder.path + "/kinodock.sqlite")
        let key = try #require(try store.accessKeys().first)
        #expect(key.name == "tv" && key.role == .user && key.revoked == nil)
        store.close()
        #expect(Host.Command.run(["key", "revoke", ""] + data) == 1)
        #expect(Host.Command.run(["key", "revoke", String(key.id.prefix(8))] + data) == 0)
        #expect(Host.Command.run(["key", "revoke", key.id] + data) == 1)
    }
}
