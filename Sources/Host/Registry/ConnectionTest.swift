import PluginAPI

/// Tests the connection of an instance, and for a download client also whether its files can come into the library.
struct ConnectionTest: Sendable {
    let registry: Registry
    let redactor: Redactor
    let libraryDirectory: String

    /// How long the look at a client's folder may take: one on a network mount that is gone never answers.
    static let patience = Duration.seconds(10)

    /// Tests `instance`, which need not be saved.
    ///
    /// If it is saved just so and the test succeeds, earlier failures are forgotten and it is asked at once.
    func run(_ instance: Instance) async -> ConnectionVerdict {
        do throws(PluginError) {
            var verdict = ConnectionVerdict(kind: instance.kind, report: try await registry.test(instance))
            if let bad = verdict.report.checks.first(where: { !$0.ok }) {
                // The name that the check of the credentials has here and in plugins.
                let code = bad.name == "login" ? PluginError.Code.unauthorized.rawValue : "connection_failed"
                verdict.failure = .init(code: code.uppercased(), message: bad.message ?? "Connection failed")
                return verdict
            }
            if await registry.isSaved(instance) { await registry.resetHealth(instance.id) }
            if instance.kind == .downloadClient, let savePath = verdict.report.savePath {
                verdict.folder = await look(at: savePath, of: instance, verdict.report)
                // Only now: a path without its secret leads nowhere.
                hideSecrets(of: instance, in: &verdict)
            }
            return verdict
        } catch {
            return refused(error, instance)
        }
    }

    private func look(
        at savePath: String,
        of instance: Instance,
        _ report: ConnectionReport
    ) async -> PathProbe.Findings {
        let probe = PathProbe(
            savePath: savePath,
            mappings: instance.pathMappings,
            library: libraryDirectory,
            isOfCategory: report.categories?.values.contains(savePath) == true
        )
        return await BlockingWork.run(within: Self.patience, probe.run) ?? probe.unanswered
    }

    private func hideSecrets(of instance: Instance, in verdict: inout ConnectionVerdict) {
        // Those of unsaved settings were known for as long as their connection.
        instance.secrets.values.forEach(redactor.remember)
        defer { instance.secrets.values.forEach(redactor.forget) }
        verdict.report.savePath = verdict.report.savePath.map(redactor.redact)
        verdict.folder = verdict.folder?.redacted(by: redactor)
    }

    private func refused(_ error: PluginError, _ instance: Instance) -> ConnectionVerdict {
        // Secrets of unsaved settings are forgotten by now, but the connection has hidden them already.
        let message = redactor.redact(error.message)
        let isLogin = error.code == .unauthorized || error.code == .forbidden
        var report = ConnectionReport()
        report.checks = [.init(isLogin ? "login" : "connection", ok: false, field: error.field, message: message)]
        return ConnectionVerdict(
            kind: instance.kind,
            report: report,
            failure: .init(code: error.code.text.uppercased(), message: message)
        )
    }
}

/// What the test of an instance has found, without secrets.
struct ConnectionVerdict: Sendable {
    struct Failure: Sendable {
        /// A word for programs in upper case.
        let code: String
        /// What went wrong, and what to do.
        let message: String
    }

    let kind: PluginManifest.Kind
    var report: ConnectionReport
    /// `nil` when the connection works.
    var failure: Failure?
    /// Of a download client that has told where it saves.
    var folder: PathProbe.Findings?
    /// What is to be said of the settings themselves.
    var settingsWarnings: [SettingsWarning] = []

    var isSuccess: Bool { failure == nil }
    /// What the plugin and the server itself have tried.
    var checks: [ConnectionReport.Check] { report.checks + (folder?.checks ?? []) }
    var warnings: [ConnectionReport.Warning] {
        report.warnings + (folder?.warnings ?? [])
            + settingsWarnings.map { .init($0.code.rawValue, $0.message, field: $0.key) }
    }
}
