import PluginAPI
import PluginHosting

/// Checks a plugin file for its author: `kinodock check [--time CALLS] FILE.so`.
struct CheckCommand {
    let files: [String]
    /// How many calls to time; `nil` times none.
    let timedCalls: Int?

    /// - Parameter time: the value of `--time`.
    /// - Throws: `UsageError` when it is not a number from 1 to 1,000,000.
    init(files: [String], time: String?) throws(UsageError) {
        self.files = files
        timedCalls = time.flatMap(Int.init)
        guard time == nil || timedCalls.map((1...1_000_000).contains) == true else {
            throw UsageError("--time takes the number of calls, 1 to 1000000: kinodock check --time 5000 FILE.so")
        }
    }

    func run() throws -> Int32 {
        guard files.count == 1 else { throw UsageError("kinodock check takes one file: kinodock check FILE.so") }
        let path = ServerConfiguration.absolute(files[0])
        let report = PluginLint.run(path)
        if let manifest = report.manifest {
            let kinds = manifest.kinds.map(\.text).joined(separator: ", ")
            Terminal.print("\(manifest.id) \(manifest.version): \(manifest.name), \(kinds)")
        }
        for finding in report.findings {
            Terminal.print("\(finding.weight.rawValue) \(finding.code): \(finding.message)")
        }
        if report.isUsable, let timedCalls, try !time(path, timedCalls) { return 1 }
        Terminal.print(report.isUsable ? "ok" : "not usable")
        return report.isUsable ? 0 : 1
    }

    /// - Returns: `false` when the plugin makes no instance.
    private func time(_ path: String, _ calls: Int) throws -> Bool {
        let plugin = try PluginLoader.load(PluginLint.anywhere(path))
        do {
            let timing = try Waiting.run {
                try await CallTiming.measure(plugin, calls: calls, clock: SystemClock())
            }
            Terminal.print(timing.line)
            return true
        } catch let error as PluginError {
            Terminal.error("The plugin makes no instance with sample settings, so no call was timed. \(error.message)")
            return false
        }
    }
}
