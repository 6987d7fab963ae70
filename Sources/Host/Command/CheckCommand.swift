import FoundationEssentials
import PluginAPI
import PluginHosting

/// Checks a plugin file for its author: `kinodock check [OPTIONS] FILE.so`.
struct CheckCommand {
    private let files: [String]
    /// The file with the settings to try; `nil` for sample values.
    private let settingsFile: String?
    /// The calls to time; `nil` times none.
    private let timing: CallTiming.Plan?
    /// Whether the calls are timed in this process, in which bundled plugins run, or in one of the plugin's own.
    private let timesInProcess: Bool
    private let printsJSON: Bool
    private let printsManifest: Bool

    /// - Throws: `UsageError` when a number is none, or beyond its limits.
    init(_ arguments: Arguments) throws(UsageError) {
        files = arguments.positional
        settingsFile = arguments.values["settings"]
        printsJSON = arguments.switches.contains("json")
        printsManifest = arguments.switches.contains("manifest")
        timesInProcess = arguments.switches.contains("in-process")
        let atOnce = try Self.number("at-once", 1...1000, arguments)
        let attachment = try Self.number("attachment", 0...256 << 20, arguments)
        timing = try Self.number("time", 1...1_000_000, arguments).map { calls in
            CallTiming.Plan(calls: calls, atOnce: min(atOnce ?? 1, calls), attachment: attachment ?? 0)
        }
        if timing == nil, atOnce != nil || attachment != nil || timesInProcess {
            throw UsageError("--at-once, --attachment and --in-process belong to --time CALLS.")
        }
    }

    private static func number(
        _ name: String,
        _ range: ClosedRange<Int>,
        _ arguments: Arguments
    ) throws(UsageError) -> Int? {
        guard let text = arguments.values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError("--\(name) takes a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func run() throws -> Int32 {
        guard files.count == 1 else { throw UsageError("kinodock check takes one file: kinodock check FILE.so") }
        let path = ServerConfiguration.absolute(files[0])
        let lint = PluginLint(path: path, settings: try settings(), trial: trial, clock: SystemClock())
        if printsManifest { return try printManifest(lint) }
        let report = try Waiting.run { await lint.report() }
        let timing = report.isUsable ? try timing.map { try time(path, $0) } : nil
        if printsJSON {
            Terminal.print(try CheckDocument(path, report, timing?.value).json)
        } else {
            show(report, timing?.value)
        }
        return report.isUsable && timing?.isMissing != true ? 0 : 1
    }

    /// Nothing of the plugin runs in this process, so a crash is a finding like others.
    private var trial: TrialInRunner {
        let folder = Executable.path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let environment = ProcessInfo.processInfo.environment
        return TrialInRunner(RunnerProgram(path: folder + "/kinodock-runner", environment: environment))
    }

    private func settings() throws -> Data? {
        guard let settingsFile else { return nil }
        let path = ServerConfiguration.absolute(settingsFile)
        guard let json = try? Data(contentsOf: URL(filePath: path)),
            (try? WireJSON.decode([String: JSONValue].self, from: json)) != nil
        else { throw UsageError("\(path) is not a JSON object with settings, for example {\"host\":\"127.0.0.1\"}.") }
        return json
    }

    private func printManifest(_ lint: PluginLint) throws -> Int32 {
        do {
            let manifest = try Waiting.run { try await lint.manifest() }
            Terminal.print(try CheckDocument.text(of: manifest))
            return 0
        } catch let refusal as PluginRefusal {
            Terminal.error(refusal.reason)
            return 1
        }
    }

    private func show(_ report: PluginLint.Report, _ timing: CallTiming?) {
        if let manifest = report.manifest {
            let kinds = manifest.kinds.map(\.text).joined(separator: ", ")
            Terminal.print("\(manifest.id) \(manifest.version): \(manifest.name), \(kinds)")
        }
        for finding in report.findings {
            Terminal.print("\(finding.weight.rawValue) \(finding.code): \(finding.message)")
        }
        if let timing { Terminal.print(timing.line) }
        Terminal.print(report.isUsable ? "ok" : "not usable")
    }

    /// - Returns: no value when the plugin makes no instance.
    private func time(_ path: String, _ plan: CallTiming.Plan) throws -> Timing {
        let (trial, settings) = (trial, try settings())
        do {
            return try Waiting.run { [timesInProcess] in
                let candidate = PluginLint.anywhere(path)
                let plugin =
                    timesInProcess ? try PluginLoader.load(candidate) : try await trial.start(candidate)
                let sample = SampleSettings.values(for: plugin.manifest.settings, folder: "/")
                let timing = try await CallTiming.measure(
                    plugin,
                    settings: settings ?? WireJSON.encode(sample),
                    plan: plan,
                    clock: SystemClock()
                )
                await trial.end()
                return Timing(value: timing)
            }
        } catch let error as PluginError {
            Terminal.error("The plugin makes no instance with these settings, so no call was timed. \(error.message)")
            return Timing(value: nil)
        }
    }

    private struct Timing: Sendable {
        let value: CallTiming?
        var isMissing: Bool { value == nil }
    }
}
