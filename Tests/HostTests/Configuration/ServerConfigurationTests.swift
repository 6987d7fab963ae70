import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("The server's configuration")
struct ServerConfigurationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(
        _ flags: [ConfigurationOption: String] = [:],
        _ environment: [String: String] = [:],
        file: String? = nil
    ) throws -> ServerConfiguration {
        if let file { try folder.write("kinodock.conf", Array(file.utf8)) }
        var flags = flags
        if flags[.data] == nil, environment["KINODOCK_DATA_DIR"] == nil { flags[.data] = folder.path }
        return try ServerConfiguration(flags: flags, environment: environment, executable: "/nowhere/bin/kinodock")
    }

    private func refusal(
        _ flags: [ConfigurationOption: String] = [:],
        _ environment: [String: String] = [:],
        file: String? = nil
    ) throws -> String {
        try #require(throws: UsageError.self) { try load(flags, environment, file: file) }.message
    }

    @Test("without any setting listens on this machine only")
    func defaults() throws {
        let configuration = try load()
        #expect(configuration.listenAddress == "127.0.0.1" && configuration.listenPort == 3000)
        #expect(configuration.publicQueue && configuration.rateLimit)
        #expect(configuration.logLevel == .info && configuration.logFormat == .text && configuration.adminKey == nil)
        #expect(configuration.libraryDirectory == folder.path + "/library")
        #expect(configuration.pluginFolders == [folder.path + "/plugins"])
        #expect(configuration.databasePath == folder.path + "/kinodock.sqlite")
    }

    @Test("a flag goes before the environment, and that before the file")
    func order() throws {
        let file = "log-level = error\nlisten = 127.0.0.1:1\nlog-format = json\n"
        let environment = [
            "KINODOCK_LOG_LEVEL": "warning", "KINODOCK_LISTEN": "127.0.0.1:2", "KINODOCK_LOG_FORMAT": "",
        ]
        let configuration = try load([.logLevel: "debug"], environment, file: file)
        #expect(configuration.logLevel == .debug)
        #expect(configuration.listenPort == 2)
        #expect(configuration.logFormat == .json)
    }

    @Test("the file has comments, empty lines and spaces")
    func file() throws {
        let configuration = try load(file: "# words\n\n  public-queue=off \r\n\tplugins = /a:/b/ \n")
        #expect(!configuration.publicQueue && configuration.pluginFolders == ["/a", "/b"])
    }

    @Test(
        "the file's lines that make no sense are named by their number",
        arguments: ["nonsense", "colour = red", "listen ="]
    )
    func badFile(line: String) throws {
        let message = try refusal(file: "log-level = info\n\(line)\n")
        #expect(message.contains("line 2") && message.contains(line.prefix(6)) && message.contains("log-level"))
    }

    @Test("a value that nothing is known of is not repeated: it may be a secret")
    func secretLine() throws {
        #expect(try !refusal(file: "admin-key = hush-hush\n").contains("hush-hush"))
    }

    @Test("the file cannot name another file")
    func fileInFile() throws {
        #expect(try refusal(file: "config = /elsewhere.conf\n").contains("--config"))
    }

    @Test("a wrong value is found where it was written")
    func places() throws {
        #expect(try refusal(file: "\nlog-level = loud\n").contains("kinodock.conf, line 2"))
        #expect(try refusal([:], ["KINODOCK_LISTEN": "x"]).contains("KINODOCK_LISTEN"))
        #expect(try refusal([.listen: "x"], ["KINODOCK_LISTEN": "y"]).contains("--listen"))
    }

    @Test(
        "an empty flag is refused: the data would land in the working folder",
        arguments: [ConfigurationOption.data, .library, .plugins]
    )
    func emptyFlag(option: ConfigurationOption) throws {
        #expect(try refusal([option: ""]).contains("\(option.flag) needs a value"))
    }

    @Test("a file that was named has to be there")
    func missingFile() throws {
        #expect(try refusal([.config: "/nowhere.conf"]).contains("/nowhere.conf"))
    }

    @Test(
        "an address is taken apart",
        arguments: [
            ("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:0", "::1", 0), ("8080", "127.0.0.1", 8080),
            ("host:65535", "host", 65_535),
        ]
    )
    func listen(text: String, address: String, port: Int) throws {
        let configuration = try load([.listen: text])
        #expect(configuration.listenAddress == address && configuration.listenPort == port)
    }

    @Test(
        "an address that is none is refused with an example",
        arguments: ["host", ":80", "a:b", "a:65536", "a:-1", "a:+1", "1.2.3.4:80 # web"]
    )
    func badListen(text: String) throws {
        #expect(try refusal([.listen: text]).contains("127.0.0.1:3000"))
    }

    @Test(
        "an IPv6 address without brackets is refused with an example",
        arguments: ["::1", "[::1]", "::", "::1:3000", "[::1:80"]
    )
    func bareIPv6(text: String) throws {
        #expect(try refusal([.listen: text]).contains("[::1]:3000"))
    }

    @Test(
        "a wrong choice is told the choices",
        arguments: [
            (.logLevel, "loud", "debug|info"), (.logFormat, "xml", "text|json"), (.publicQueue, "yes", "on|off"),
            (.rateLimit, "never", "on|off|always"),
        ] as [(ConfigurationOption, String, String)]
    )
    func badChoice(option: ConfigurationOption, value: String, words: String) throws {
        let message = try refusal([option: value])
        #expect(message.contains(option.flag) && message.contains(words) && message.contains(value))
    }

    @Test(
        "the limit of requests leaves this machine out unless it is always on",
        arguments: [("on", true, false), ("off", false, false), ("always", true, true)]
    )
    func rateLimit(text: String, isOn: Bool, loopback: Bool) throws {
        let configuration = try load([.rateLimit: text])
        #expect(configuration.rateLimit == isOn && configuration.rateLimitLoopback == loopback)
    }

    @Test("a certificate needs its key")
    func certificate() throws {
        #expect(try refusal([.tlsCertificate: "/a.pem"]).contains("--tls-key"))
        #expect(try load([.tlsCertificate: "/a.pem", .tlsKey: "/a.key"]).tlsKey == "/a.key")
    }

    @Test("a short key of the environment is refused without being repeated")
    func shortKey() throws {
        let message = try refusal([:], ["KINODOCK_ADMIN_KEY": "short-key"])
        #expect(message.contains("16") && !message.contains("short-key"))
        #expect(try load([:], ["KINODOCK_ADMIN_KEY": "0123456789abcdef"]).adminKey == "0123456789abcdef")
    }

    @Test("folders are found where the environment says")
    func home() throws {
        let configuration = try ServerConfiguration(
            flags: [:],
            environment: ["HOME": folder.path],
            executable: "/nowhere/kinodock"
        )
        #expect(configuration.dataDirectory == folder.path + "/.local/share/kinodock")
        let other = try load([:], ["KINODOCK_DATA_DIR": folder.path + "/data/", "KINODOCK_LIBRARY_DIR": "/films"])
        #expect(other.dataDirectory == folder.path + "/data" && other.moviesRoot == "/films/movies")
    }

    @Test("without a home the data folder has to be named")
    func homeless() {
        let error = #expect(throws: UsageError.self) {
            try ServerConfiguration(flags: [:], environment: ["HOME": ""], executable: "/nowhere/kinodock")
        }
        #expect(error?.message.contains("--data") == true)
    }

    @Test("the bundled plugins are found beside the program")
    func bundled() throws {
        _ = try folder.makeFolder("lib/kinodock/plugins")
        let configuration = try ServerConfiguration(
            flags: [.data: folder.path],
            environment: [:],
            executable: folder.path + "/bin/kinodock"
        )
        #expect(configuration.pluginFolders.last?.hasSuffix("/lib/kinodock/plugins") == true)
    }
}
