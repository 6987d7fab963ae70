import FoundationEssentials
import PluginAPI

/// What `kinodock check --json` prints.
struct CheckDocument: Encodable {
    private struct Plugin: Encodable {
        let id: String
        let name: String
        let version: String
        let kinds: [String]
    }

    private struct Timing: Encodable {
        let method: String
        let calls: Int
        let medianMicroseconds: Double
        let p99Microseconds: Double
        let perSecond: Int
    }

    private let path: String
    private let usable: Bool
    private let plugin: Plugin?
    private let findings: [PluginLint.Finding]
    private let timing: Timing?

    init(_ path: String, _ report: PluginLint.Report, _ timing: CallTiming?) {
        self.path = path
        usable = report.isUsable
        plugin = report.manifest.map {
            Plugin(id: $0.id, name: $0.name, version: $0.version, kinds: $0.kinds.map(\.text))
        }
        findings = report.findings
        self.timing = timing.map {
            Timing(
                method: $0.method,
                calls: $0.times.count,
                medianMicroseconds: $0.median,
                p99Microseconds: $0.p99,
                perSecond: $0.perSecond
            )
        }
    }

    var json: String {
        get throws { try Self.text(of: self) }
    }

    /// JSON for a terminal or a file, the same at every run.
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
