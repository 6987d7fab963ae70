import FoundationEssentials
import Glibc
import PluginAPI

/// A value that was given for a setting.
struct Setting {
    let text: String
    /// Where it was given, as a person can find it again: a flag, an environment variable, or a name in a file.
    let name: String
}

/// The settings that were given on the command line, in the environment and in the settings file, in that order.
struct Settings {
    private let flags: [ConfigurationOption: String]
    private let environment: [String: String]
    private var file: [ConfigurationOption: Setting] = [:]
    /// Where the data is when nothing else is said; `nil` without a home.
    private let usualDataDirectory: String?

    /// Reads the settings file too.
    ///
    /// - Throws: `UsageError` for an empty flag, and for a file that cannot be read or understood.
    init(flags: [ConfigurationOption: String], environment: [String: String]) throws(UsageError) {
        for (option, text) in flags where text.isEmpty { throw UsageError("\(option.flag) needs a value.") }
        self.flags = flags
        self.environment = environment
        usualDataDirectory = Self.usualDataDirectory(environment)
        if let named = path(.config) {
            file = try Self.read(named, isRequired: true)
        } else {
            file = try Self.read(try dataDirectory + "/kinodock.conf", isRequired: false)
        }
    }

    subscript(option: ConfigurationOption) -> Setting? {
        if let text = flags[option] { return Setting(text: text, name: option.flag) }
        // An empty variable is as good as none.
        if let text = environment[option.environmentVariable], !text.isEmpty {
            return Setting(text: text, name: option.environmentVariable)
        }
        return file[option]
    }

    /// - Throws: `UsageError` when nothing says where the data is to be, not even `HOME`.
    var dataDirectory: String {
        get throws(UsageError) {
            if let data = path(.data) ?? usualDataDirectory { return data }
            throw UsageError("HOME is not set; say with --data where the data is to be.")
        }
    }

    /// The absolute path that was given for `option`.
    func path(_ option: ConfigurationOption) -> String? { self[option].map { ServerConfiguration.absolute($0.text) } }

    /// What was chosen for `option`.
    ///
    /// - Throws: `UsageError` with the choices when `parse` knows no such word.
    func choice<Value>(_ option: ConfigurationOption, _ parse: (String) -> Value?) throws(UsageError) -> Value? {
        guard let setting = self[option] else { return nil }
        if let value = parse(setting.text) { return value }
        throw UsageError("\(setting.name) takes \(option.valueName); \"\(setting.text)\" is not one.")
    }

    func onOrOff(_ option: ConfigurationOption) throws(UsageError) -> Bool? {
        try choice(option) { ["on": true, "off": false][$0] }
    }

    private static func read(_ path: String, isRequired: Bool) throws(UsageError) -> [ConfigurationOption: Setting] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            // A file that nobody asked for may be absent, but one that is there must not be passed over in silence.
            let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code
            guard code == .ENOENT || code == .ENOTDIR, !isRequired else {
                throw UsageError("The settings file \(path) cannot be read: \(error.words).")
            }
            return [:]
        }
        var values: [ConfigurationOption: Setting] = [:]
        // A carriage return and the line feed after it are one character, which is a newline but not "\n".
        let lines = String(decoding: data, as: UTF8.self).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        for (number, line) in lines.enumerated() {
            let text = line.trimmed
            if text.isEmpty || text.hasPrefix("#") { continue }
            let place = "\(path), line \(number + 1)"
            let (option, value) = try parse(text, at: place)
            values[option] = Setting(text: value, name: "\(option.rawValue) (\(place))")
        }
        return values
    }

    private static func usualDataDirectory(_ environment: [String: String]) -> String? {
        func folder(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
        let parent = folder("XDG_DATA_HOME") ?? folder("HOME").map { $0 + "/.local/share" }
        return parent.map { ServerConfiguration.absolute($0 + "/kinodock") }
    }

    private static func parse(_ line: String, at place: String) throws(UsageError) -> (ConfigurationOption, String) {
        let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmed }
        guard parts.count == 2, !parts[1].isEmpty, let option = ConfigurationOption(rawValue: parts[0]) else {
            let names = ConfigurationOption.inFile.map(\.rawValue).joined(separator: ", ")
            // The value may be a secret that somebody believed to be a setting.
            let found = parts.first ?? line
            throw UsageError("\(place): expected `name = value`, found \"\(found)\". The names are \(names).")
        }
        guard ConfigurationOption.inFile.contains(option) else {
            throw UsageError("\(place): \(option.rawValue) cannot be set here; use \(option.flag).")
        }
        return (option, value: parts[1])
    }
}
