import FoundationEssentials
import Glibc
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
        func given(_ option: ConfigurationOption) -> String? {
            flags[option] ?? environment[option.environmentVariable].flatMap { $0.isEmpty ? nil : $0 }
        }
        let home = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let data = Self.absolute(given(.data) ?? home + "/kinodock")
        let file = try Self.readFile(given(.config) ?? data + "/kinodock.conf", isRequired: given(.config) != nil)
        func value(_ option: ConfigurationOption) -> String? { given(option) ?? file[option] }

        dataDirectory = Self.absolute(value(.data) ?? data)
        libraryDirectory = Self.absolute(value(.library) ?? dataDirectory + "/library")
        pluginFolders =
            value(.plugins)?.split(separator: ":").map { Self.absolute(String($0)) }
            ?? [dataDirectory + "/plugins", Self.bundledPlugins(executable)].compactMap { $0 }
        if let text = value(.listen) { (listenAddress, listenPort) = try Self.parseListen(text) }
        if let text = value(.logLevel) {
            logLevel = try Self.choice(.logLevel, text, LogLevel.allCases.first { $0.label == text })
        }
        if let text = value(.logFormat) { logFormat = try Self.choice(.logFormat, text, Logger.Format(rawValue: text)) }
        if let text = value(.accessLog) {
            accessLog = try Self.choice(.accessLog, text, ["on": true, "off": false][text])
        }
        if let text = value(.publicQueue) { publicQueue = try Self.choice(.publicQueue, text, Bool(text)) }
        if let text = value(.rateLimit) {
            _ = try Self.choice(.rateLimit, text, ["on", "off", "always"].contains(text) ? text : nil)
            rateLimit = text != "off"
            rateLimitLoopback = text == "always"
        }
        tlsCertificate = value(.tlsCertificate)
        tlsKey = value(.tlsKey)
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
    private static func parseListen(_ text: String) throws(UsageError) -> (String, Int) {
        let split = text.lastIndex(of: ":")
        let portText = split.map { text[text.index(after: $0)...] } ?? text[...]
        let address = split.map { String(text[..<$0]) } ?? "127.0.0.1"
        guard let port = Int(portText), (0...65535).contains(port), !address.isEmpty else {
            throw UsageError("--listen takes ADDRESS:PORT, for example 127.0.0.1:3000; \"\(text)\" is not that.")
        }
        let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
        return (isBracketed ? String(address.dropFirst().dropLast()) : address, port)
    }

    private static func choice<Value>(
        _ option: ConfigurationOption,
        _ text: String,
        _ value: Value?
    ) throws(UsageError) -> Value {
        guard let value else { throw UsageError("\(option.flag) takes \(option.valueName); \"\(text)\" is not one.") }
        return value
    }

    private static func readFile(
        _ path: String,
        isRequired: Bool
    ) throws(UsageError) -> [ConfigurationOption: String] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            // A file that nobody asked for may be absent, but one that is there must not be passed over in silence.
            let isAbsent = ((error as? CocoaError)?.underlying as? POSIXError)?.code == .ENOENT
            guard isAbsent, !isRequired else {
                throw UsageError("The settings file \(path) cannot be read: \(error.words).")
            }
            return [:]
        }
        var values: [ConfigurationOption: String] = [:]
        // A carriage return and the line feed after it are one character, which is a newline but not "\n".
        let lines = String(decoding: data, as: UTF8.self).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        for (number, line) in lines.enumerated() {
            let text = line.trimmed
            if text.isEmpty || text.hasPrefix("#") { continue }
            let parts = text.split(separator: "=", maxSplits: 1).map { $0.trimmed }
            guard parts.count == 2, let option = ConfigurationOption(rawValue: parts[0]) else {
                throw UsageError(
                    "\(path), line \(number + 1): expected `name = value` with a known name, found \"\(text)\"."
                )
            }
            values[option] = parts[1]
        }
        return values
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

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
