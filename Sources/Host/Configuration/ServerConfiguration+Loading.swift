import FoundationEssentials
import PluginAPI

extension ServerConfiguration {
    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - flags: the values given on the command line.
    ///   - environment: of the process.
    ///   - executable: the path of the running program, near which the bundled plugins are.
    /// - Throws: `UsageError` that names the setting and what it takes.
    init(
        flags: [ConfigurationOption: String],
        environment: [String: String],
        executable: String
    ) throws(UsageError) {
        let settings = try Settings(flags: flags, environment: environment)
        dataDirectory = try settings.dataDirectory
        libraryDirectory = settings.path(.library) ?? dataDirectory + "/library"
        let bundled = Self.bundledPlugins(executable)
        bundledPlugins = bundled
        runnerPath = URL(filePath: executable).deletingLastPathComponent().appending(path: "kinodock-runner").path()
        pluginFolders =
            settings[.plugins]?.text.split(separator: ":").map { Self.absolute(String($0)) }
            ?? [dataDirectory + "/plugins", bundled].compactMap { $0 }
        if let setting = settings[.listen] { (listenAddress, listenPort) = try Self.parseListen(setting) }
        logLevel = try settings.choice(.logLevel) { text in LogLevel.allCases.first { $0.label == text } } ?? logLevel
        logFormat = try settings.choice(.logFormat, Logger.Format.init) ?? logFormat
        accessLog = try settings.onOrOff(.accessLog) ?? accessLog
        pluginLock = try settings.onOrOff(.pluginLock) ?? pluginLock
        publicQueue = try settings.onOrOff(.publicQueue) ?? publicQueue
        embeddedDefaults = try settings.onOrOff(.embeddedDefaults) ?? embeddedDefaults
        (rateLimit, rateLimitLoopback) =
            try settings.choice(.rateLimit) {
                ["on": (true, false), "off": (false, false), "always": (true, true)][$0]
            }
            ?? (rateLimit, rateLimitLoopback)
        tlsCertificate = settings.path(.tlsCertificate)
        tlsKey = settings.path(.tlsKey)
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw UsageError("--tls-certificate and --tls-key belong together; give both or none.")
        }
        if let key = environment["KINODOCK_ADMIN_KEY"], !key.isEmpty {
            guard key.utf8.count >= 16 else {
                throw UsageError("KINODOCK_ADMIN_KEY needs 16 characters or more; it has \(key.utf8.count).")
            }
            adminKey = key
        }
    }

    /// `ADDRESS:PORT`, `[IPV6]:PORT`, or a port alone.
    private static func parseListen(_ setting: Setting) throws(UsageError) -> (String, Int) {
        let text = setting.text
        let split = text.lastIndex(of: ":")
        let portText = split.map { text[text.index(after: $0)...] } ?? text[...]
        var address = split.map { String(text[..<$0]) } ?? "127.0.0.1"
        if address.hasPrefix("["), address.hasSuffix("]") {
            address = String(address.dropFirst().dropLast())
        } else if address.contains(":") {
            // Where the address ends and the port begins could only be guessed.
            throw UsageError("\(setting.name) takes an IPv6 address in brackets: [::1]:3000; \"\(text)\" is not that.")
        }
        guard portText.allSatisfy(\.isASCIIDigit), let port = Int(portText), (0...65535).contains(port),
            !address.isEmpty
        else {
            throw UsageError(
                "\(setting.name) takes ADDRESS:PORT, for example 127.0.0.1:3000; \"\(text)\" is not that."
            )
        }
        return (address, port)
    }

    /// In a checkout `build/plugins`; installed, `lib/kinodock/plugins` beside the program's `bin`.
    private static func bundledPlugins(_ executable: String) -> String? {
        var folder = URL(filePath: executable).standardizedFileURL.deletingLastPathComponent()
        for _ in 0..<4 {
            for candidate in ["lib/kinodock/plugins", "build/plugins"] {
                let path = folder.appending(path: candidate).path()
                if FileManager.default.fileExists(atPath: path) { return path }
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// `path` as an absolute one: the server keeps its files when its working folder changes.
    static func absolute(_ path: String) -> String {
        let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return full.count > 1 && full.hasSuffix("/") ? String(full.dropLast()) : full
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
