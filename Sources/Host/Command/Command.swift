import FoundationEssentials

/// The commands of `kinodock`.
enum Command: String, CaseIterable {
    case serve, plugins, check, key, backup, restore, version

    var summary: String {
        switch self {
        case .serve: "start the server"
        case .plugins: "list the plugins with their state, or change one: kinodock plugins enable|disable|... ID"
        case .check: "check a plugin file: kinodock check FILE.so"
        case .key: "make, list or revoke keys: kinodock key create|list|revoke"
        case .backup: "write a backup while the server runs: kinodock backup FILE"
        case .restore: "put a backup in place: kinodock restore FILE"
        case .version: "print the version"
        }
    }

    /// Runs the program with the words after its name.
    ///
    /// - Returns: the exit code: 0 ok, 1 failed, 2 wrong usage.
    static func run(_ words: [String]) -> Int32 {
        do {
            return try dispatch(words)
        } catch let error as UsageError {
            Terminal.error(error.message)
            return 2
        } catch {
            Terminal.error(error.words)
            return 1
        }
    }

    private static func dispatch(_ words: [String]) throws -> Int32 {
        guard let first = words.first else {
            Terminal.print(Usage.general)
            return 2
        }
        if ["--help", "-h", "help"].contains(first) {
            Terminal.print(Usage.general)
            return 0
        }
        if first == "--version" { return try dispatch(["version"]) }
        guard let command = Command(rawValue: first) else {
            let hint = Arguments.hint(first, allCases.map(\.rawValue))
            throw UsageError("Unknown \(first.hasPrefix("-") ? "option" : "command") \(first).\(hint)")
        }
        let arguments = try Arguments(
            Array(words.dropFirst()),
            flags: command.flags,
            switches: command.switches,
            of: first
        )
        if arguments.wantsHelp {
            Terminal.print(Usage.text(for: command))
            return 0
        }
        return try command.run(arguments)
    }

    /// Whether the command works on the data of a server, and so reads its settings.
    var takesSettings: Bool { self != .check && self != .version }

    private var flags: [String] {
        let own: [String] =
            switch self {
            case .key: ["role", "name"]
            case .check: ["settings", "time", "at-once", "attachment"]
            default: []
            }
        return (takesSettings ? ConfigurationOption.allCases.map(\.rawValue) : []) + own
    }

    /// Options without a value.
    private var switches: [String] {
        switch self {
        case .check: ["json", "manifest", "in-process"]
        case .plugins: ["json"]
        default: []
        }
    }

    private func run(_ arguments: Arguments) throws -> Int32 {
        let words = arguments.positional
        if [.serve, .version].contains(self), let word = words.first {
            throw UsageError("\(rawValue) takes no \"\(word)\".")
        }
        switch self {
        case .serve: return try ServeCommand(configuration: configuration(arguments)).run()
        case .plugins: return try PluginsCommand(configuration: configuration(arguments), arguments: arguments).run()
        case .check: return try CheckCommand(arguments).run()
        case .key: return try KeyCommand(configuration: configuration(arguments), arguments: arguments).run()
        case .backup: return try BackupCommand(configuration: configuration(arguments), files: words).run()
        case .restore: return try RestoreCommand(configuration: configuration(arguments), files: words).run()
        case .version:
            Terminal.print("kinodock \(KinodockVersion.text)")
            return 0
        }
    }

    private func configuration(_ arguments: Arguments) throws(UsageError) -> ServerConfiguration {
        let flags = arguments.values.compactMap { name, value in
            ConfigurationOption(rawValue: name).map { ($0, value) }
        }
        return try ServerConfiguration(
            flags: Dictionary(uniqueKeysWithValues: flags),
            environment: ProcessInfo.processInfo.environment,
            executable: Executable.path
        )
    }
}
