import HTTPServer
import PluginAPI

/// Writes a line for each answer: no header field, no query, nothing of a body.
struct AccessLog: Sendable {
    let logger: Logger
    let level: LogLevel

    /// - Parameter isOn: whether the lines are worth reading every day; else only the level `debug` shows them.
    init(_ logger: Logger, isOn: Bool) {
        self.logger = logger
        level = isOn ? .info : .debug
    }

    func write(_ record: AccessRecord) {
        guard level >= logger.level else { return }
        logger.log(
            level,
            "request",
            [
                "method": .string(record.method.rawValue), "path": .string(record.path),
                "status": .integer(Int64(record.status.code)), "bytes": .integer(Int64(clamping: record.bytes)),
                "milliseconds": .number(Self.milliseconds(record.duration)), "from": .string(record.remoteAddress),
                "request": .string(record.requestID),
            ]
        )
    }

    /// With three digits behind the point.
    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration / .microseconds(1)).rounded() / 1000
    }
}
