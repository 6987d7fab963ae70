import FoundationEssentials
import PluginAPI
import PluginHosting

/// Looks at a plugin's file the way the server does, and at what it says and does more strictly: for authors.
struct PluginLint {
    /// Something that was found.
    struct Finding: Hashable, Sendable, Encodable {
        enum Weight: String, Sendable, Encodable {
            /// The server would not load the plugin, or it could not work.
            case error
            case warning
        }

        let weight: Weight
        /// A stable name.
        let code: String
        /// What is wrong, and what to do.
        let message: String
    }

    /// The plugin's manifest, when it could be read, and what was found, errors first.
    struct Report: Sendable {
        var manifest: PluginManifest?
        var findings: [Finding] = []

        var isUsable: Bool { !findings.contains { $0.weight == .error } }
    }

    let path: String
    /// A JSON object for the instances of the dry run; `nil` takes sample values.
    var settings: Data?
    let trial: any PluginTrial
    let clock: any WallClock
    var deadlines = CallDeadlines()

    /// Checks the file.
    ///
    /// The name of its folder is not compared with the id unless the file is called `plugin.so`.
    func report() async -> Report {
        var report = Report()
        guard PluginFileStatus(path) != nil else {
            let words = "There is no file \(path); give the path of a plugin's library."
            report.findings = [Self.error("not_a_file", words)]
            return report
        }
        do throws(PluginRefusal) {
            try await run(&report)
        } catch {
            report.findings.append(Self.error(error.code.rawValue, error.reason))
        }
        await trial.end()
        let warnings = report.findings.filter { $0.weight != .error }
        report.findings = report.findings.filter { $0.weight == .error } + warnings
        return report
    }

    /// The plugin's manifest: from its file, or else from its code.
    ///
    /// - Throws: why the server would not take it.
    func manifest() async throws(PluginRefusal) -> PluginManifest {
        let candidate = Self.anywhere(path)
        if let manifest = try PluginPreview.read(candidate).manifest { return manifest }
        let manifest = try await trial.start(candidate).manifest
        await trial.end()
        return manifest
    }

    private func run(_ report: inout Report) async throws(PluginRefusal) {
        var candidate = Self.candidate(for: path)
        let preview = try await withAnyFolder(&candidate, &report) { candidate throws(PluginRefusal) in
            try PluginPreview.read(candidate)
        }
        report.manifest = preview.manifest
        report.findings += FileLint.findings(in: preview, at: path)
        if let manifest = preview.manifest { report.findings += SchemaLint.findings(in: manifest) }
        // Without its libraries it cannot be loaded; the loader would name the first fault alone.
        guard report.isUsable else { return }
        let plugin = try await withAnyFolder(&candidate, &report) { candidate throws(PluginRefusal) in
            try await trial.start(candidate)
        }
        if preview.manifest == nil { report.findings += SchemaLint.findings(in: plugin.manifest) }
        report.manifest = plugin.manifest
        guard report.isUsable else { return }
        report.findings += await dryRun(plugin)
    }

    /// Before it is installed, a plugin may be built in a folder of any name: that is worth a warning.
    private func withAnyFolder<Result>(
        _ candidate: inout PluginCandidate,
        _ report: inout Report,
        _ body: (PluginCandidate) async throws(PluginRefusal) -> Result
    ) async throws(PluginRefusal) -> Result {
        do throws(PluginRefusal) {
            return try await body(candidate)
        } catch {
            guard error.code == .otherFolder else { throw error }
            report.findings.append(Self.warning(error.code.rawValue, error.reason))
            candidate = Self.anywhere(path)
            return try await body(candidate)
        }
    }

    private func dryRun(_ plugin: any UsablePlugin) async -> [Finding] {
        let atLoad = trial.printed()
        guard let folder = ScratchFolder() else {
            let words = "No folder could be made in /tmp, so no method was called; make room there."
            return [Self.error("no_scratch", words)]
        }
        defer { folder.remove() }
        let sample = SampleSettings.values(for: plugin.manifest.settings, folder: folder.path)
        let trial = trial
        let dryRun = DryRun(
            plugin: plugin,
            settings: settings ?? (try? WireJSON.encode(sample)) ?? WireJSON.emptyObject,
            clock: clock,
            deadlines: deadlines,
            footprint: { trial.footprint() }
        )
        let found = await dryRun.findings()
        return found + Self.printed("when it is loaded", atLoad)
            + Self.printed("when it is called", Array(trial.printed().dropFirst(atLoad.count)))
    }

    private static func printed(_ time: String, _ lines: [String]) -> [Finding] {
        guard let first = lines.first else { return [] }
        let words =
            "The plugin prints \(time): \"\(first.prefix(100))\". Write to the log of the server (log of kinodock_host) instead; "
            + "printed lines are not seen, or end up between those of others."
        return [warning("prints", words)]
    }

    /// The file at `path` as a plugin that need not stand in a folder of its name.
    static func anywhere(_ path: String) -> PluginCandidate {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        return PluginCandidate(id: "", path: path, folder: folder.isEmpty ? "." : folder, hasOwnFolder: false)
    }

    private static func candidate(for path: String) -> PluginCandidate {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        let isInstalled = parts.last == "plugin.so" && parts.count > 2
        let name = isInstalled ? parts[parts.count - 2] : parts.last ?? ""
        return PluginCandidate(id: String(name), path: path, folder: folder, hasOwnFolder: isInstalled)
    }

    static func error(_ code: String, _ message: String) -> Finding {
        Finding(weight: .error, code: code, message: message)
    }

    static func warning(_ code: String, _ message: String) -> Finding {
        Finding(weight: .warning, code: code, message: message)
    }
}
