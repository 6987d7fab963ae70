/// The texts of `--help`.
enum Usage {
    static var general: String {
        """
        kinodock: a media server whose backends are plugins

        usage: kinodock COMMAND [OPTIONS]

        \(list(Command.allCases.map { ($0.rawValue, $0.summary) }))

        `kinodock COMMAND --help` tells more. Settings come from flags, the environment or the settings file, in that order.
        """
    }

    static func text(for command: Command) -> String {
        var parts = [command.summary, "usage: kinodock \(command.rawValue)\(synopsis(command))"]
        let rows = rows(command)
        if !rows.isEmpty { parts.append(list(rows)) }
        if command == .plugins {
            parts.append("A running server takes a change over at once, and the list is what it sees.")
        }
        if command == .serve {
            parts.append(
                "KINODOCK_ADMIN_KEY in the environment is a key of the admin role, of 16 characters or more. Without it the\n"
                    + "first start makes a key and prints it once."
            )
        }
        if command.takesSettings {
            parts.append(
                list(
                    ConfigurationOption.allCases.map {
                        ("\($0.flag) \($0.valueName)", "\($0.help) (\($0.environmentVariable))")
                    }
                )
            )
        }
        return parts.joined(separator: "\n\n")
    }

    /// What a command takes besides the settings.
    private static func rows(_ command: Command) -> [(String, String)] {
        switch command {
        case .key:
            [
                ("create --role admin|user --name NAME", "make a key and print it alone on standard output"),
                ("list", "list the keys"),
                ("revoke ID", "make a key worthless; its id, the begin of it, or its name"),
            ]
        case .plugins:
            [
                ("enable ID, disable ID", "switch a plugin on or off; what is configured for it is kept"),
                ("retry ID", "forget why a plugin was given up, and try it again"),
                ("accept ID", "let the changed file of a plugin in, with --plugin-lock on"),
                ("isolation ID auto|in-process|isolated", "choose where its code runs"),
                ("rescan", "look into the plugin folders again"),
                ("--json", "list as JSON, like GET /api/plugins"),
            ]
        case .check:
            [
                ("--settings FILE", "a JSON object with the settings to try, in place of sample values"),
                ("--json", "print the findings as JSON"),
                ("--manifest", "print the plugin's manifest as JSON, and nothing else"),
                ("--time CALLS", "make so many calls, one after the other, and print how long they take"),
                ("--at-once CALLERS", "with --time: so many callers side by side"),
                ("--attachment BYTES", "with --time: send so many bytes with each call"),
                ("--in-process", "with --time: in this process, as bundled plugins run"),
            ]
        case .serve, .backup, .restore, .version: []
        }
    }

    private static func synopsis(_ command: Command) -> String {
        switch command {
        case .serve: " [OPTIONS]"
        case .plugins: " [--json] [enable|disable|retry|accept|isolation|rescan ...] [OPTIONS]"
        case .check: " [OPTIONS] FILE.so"
        case .key: " create|list|revoke [OPTIONS]"
        case .backup, .restore: " FILE [OPTIONS]"
        case .version: ""
        }
    }

    private static func list(_ rows: [(String, String)]) -> String {
        let width = min(rows.map(\.0.count).max() ?? 0, 36)
        return rows.map { name, help in
            let gap =
                name.count > width
                ? "\n" + String(repeating: " ", count: width + 4)
                : String(repeating: " ", count: width - name.count + 2)
            return "  \(name)\(gap)\(help)"
        }.joined(separator: "\n")
    }
}
