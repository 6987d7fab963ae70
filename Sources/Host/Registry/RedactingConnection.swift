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
    /// Without secrets, whatever the plugin has put into it.
    func redacted(by redactor: Redactor) -> ConnectionReport {
        var report = self
        report.version = version.map(redactor.redact)
        report.apiVersion = apiVersion.map(redactor.redact)
        report.checks = checks.map { check in
            .init(check.name, ok: check.ok, field: check.field, message: check.message.map(redactor.redact))
        }
        report.warnings = warnings.map { .init($0.code, redactor.redact($0.message), field: $0.field) }
        return report
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
