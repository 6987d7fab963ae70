import FoundationEssentials

/// The commands of `kinodock`.
enum Command: String, CaseIterable {
    case serve, plugins, check, key, backup, restore, version

    var summary: String {
        switch self {
        case .serve: "start the server"
        case .plugins: "list the plugins that are found, with their state"
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
        let extra: [String] =
            switch command {
            case .key: ["role", "name"]
            case .check: ["time"]
            default: []
            }
        let arguments = try Arguments(
            Array(words.dropFirst()),
            flags: ConfigurationOption.allCases.map(\.rawValue) + extra
        )
        if arguments.wantsHelp {
            Terminal.print(Usage.text(for: command))
            return 0
        }
        return try command.run(arguments)
    }

    private func run(_ arguments: Arguments) throws -> Int32 {
        let configuration = try ServerConfiguration(
            flags: Dictionary(
                uniqueKeysWithValues: arguments.values.compactMap { name, value in
                    ConfigurationOption(rawValue: name).map { ($0, value) }
                }
            ),
            environment: ProcessInfo.processInfo.environment,
            executable: Executable.path
        )
        if self != .check, self != .key, self != .backup, self != .restore, let word = arguments.positional.first {
            throw UsageError("\(rawValue) takes no \"\(word)\".")
        }
        switch self {
        case .serve: return try ServeCommand(configuration: configuration).run()
        case .plugins: return try PluginsCommand(configuration: configuration).run()
        case .check: return try CheckCommand(files: arguments.positional, time: arguments.values["time"]).run()
        case .key: return try KeyCommand(configuration: configuration, arguments: arguments).run()
        case .backup: return try BackupCommand(configuration: configuration, files: arguments.positional).run()
        case .restore: return try RestoreCommand(configuration: configuration, files: arguments.positional).run()
        case .version:
            Terminal.print("kinodock \(KinodockVersion.text)")
            return 0
        }
    }
}
