import Glibc
import PluginAPI

/// Writes lines to standard error, as text or as JSON, without secrets.
struct Logger: Sendable {
    /// How a line looks.
    enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    let level: LogLevel
    let format: Format
    let redactor: Redactor
    let clock: any WallClock
    /// Where a line goes; a test keeps it, the server writes it to standard error.
    let sink: @Sendable ([UInt8]) -> Void

    init(
        level: LogLevel = .info,
        format: Format = .text,
        redactor: Redactor,
        clock: any WallClock,
        sink: @escaping @Sendable ([UInt8]) -> Void = Logger.writeToStandardError
    ) {
        self.level = level
        self.format = format
        self.redactor = redactor
        self.clock = clock
        self.sink = sink
    }

    func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: JSONValue] = [:]) {
        if level <= .debug { log(.debug, message(), fields()) }
    }

    func info(_ message: String, _ fields: [String: JSONValue] = [:]) { log(.info, message, fields) }
    func warning(_ message: String, _ fields: [String: JSONValue] = [:]) { log(.warning, message, fields) }
    func error(_ message: String, _ fields: [String: JSONValue] = [:]) { log(.error, message, fields) }

    func log(_ level: LogLevel, _ message: String, _ fields: [String: JSONValue] = [:]) {
        guard level >= self.level else { return }
        // Before the line is put together: a secret that had to be escaped would not be recognized in it.
        let message = redactor.redact(message)
        let fields = Dictionary(fields.map { (redactor.redact($0), redactor.redact($1)) }) { first, _ in first }
        let line = format == .json ? jsonLine(level, message, fields) : textLine(level, message, fields)
        sink(Array((line + "\n").utf8))
    }

    private func textLine(_ level: LogLevel, _ message: String, _ fields: [String: JSONValue]) -> String {
        var line = "\(clock.now.iso8601) \(level.label) \(Self.singleLine(message))"
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line += " \(Self.singleLine(key))=\(Self.singleLine(value.string ?? JSONWriter.text(value)))"
        }
        return line
    }

    private func jsonLine(_ level: LogLevel, _ message: String, _ fields: [String: JSONValue]) -> String {
        var members = fields
        members["time"] = .string(clock.now.iso8601)
        members["level"] = .string(level.label)
        members["message"] = .string(message)
        return JSONWriter.text(.object(members))
    }

    /// A text that somebody else chose must not look like a second line of the log, nor steer the terminal that shows
    /// it: line breaks and tabs become blanks, and what else cannot be seen becomes its number.
    private static func singleLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnseen) else { return text }
        var line = ""
        for character in text {
            if character.isNewline || character == "\t" {
                line += " "
            } else {
                for scalar in character.unicodeScalars {
                    line += isUnseen(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
                }
            }
        }
        return line
    }

    /// Whether a terminal takes it for an order: controls, separators of lines, and marks that turn the direction.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Writes in one call, so that lines of different threads do not mix.
    static func writeToStandardError(_ line: [UInt8]) {
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}

extension LogLevel {
    /// The level's name in a line and in the settings.
    var label: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }
}
