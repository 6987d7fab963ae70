import FoundationEssentials
import PluginAPI
import PluginHosting

/// A connection whose errors hold no secret, whatever the plugin has put into them.
struct RedactingConnection: PluginConnection {
    let connection: any PluginConnection
    let redactor: Redactor

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        do {
            return try await connection.call(method: method, json: json, attachment: attachment, deadline: deadline)
        } catch {
            throw error.redacted(by: redactor)
        }
    }

    func shutDown() async {
        await connection.shutDown()
    }
}

extension ConnectionReport {
    /// Without secrets, whatever the plugin has put into it, but for `savePath`, which is needed as it is.
    func redacted(by redactor: Redactor) -> ConnectionReport {
        var report = self
        report.version = version.map(redactor.redact)
        report.apiVersion = apiVersion.map(redactor.redact)
        report.checks = checks.map { $0.redacted(by: redactor) }
        report.warnings = warnings.map { $0.redacted(by: redactor) }
        return report
    }
}

extension ConnectionReport.Check {
    fileprivate func redacted(by redactor: Redactor) -> Self {
        .init(name, ok: ok, field: field, message: message.map(redactor.redact))
    }
}

extension ConnectionReport.Warning {
    fileprivate func redacted(by redactor: Redactor) -> Self {
        .init(code, redactor.redact(message), field: field)
    }
}

extension PathProbe.Findings {
    /// Without secrets: a plugin tells the path.
    func redacted(by redactor: Redactor) -> Self {
        var findings = self
        findings.localPath = redactor.redact(localPath)
        findings.checks = checks.map { $0.redacted(by: redactor) }
        findings.warnings = warnings.map { $0.redacted(by: redactor) }
        return findings
    }
}

extension PluginError {
    /// The error without the secrets that `redactor` knows.
    func redacted(by redactor: Redactor) -> PluginError {
        var error = self
        error.message = redactor.redact(message)
        return error
    }

    /// `error` itself when it is one of a plugin, else one that names its type.
    init(wrapping error: any Error) {
        switch error {
        case let error as PluginError: self = error
        case is CancellationError: self.init(.cancelled, "The call was cancelled.")
        default: self.init(.internal, "The call failed: \(error.words)")
        }
    }
}
