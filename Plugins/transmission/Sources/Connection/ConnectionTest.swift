import PluginAPI

/// Tries a connection from the login on, and says what will surprise.
struct ConnectionTest: Sendable {
    let settings: TransmissionSettings
    let host: any HostServices

    /// The oldest version whose fields the plugin knows, that of 2.80.
    private static let oldest = 15

    /// Logs in anew, whatever sessions there are.
    ///
    /// - Throws: `PluginError` when Transmission cannot be reached, or is none. Refused credentials are a failed check.
    func run() async throws -> ConnectionReport {
        let rpc = try RPC(settings: settings, host: host)
        do {
            return try await report(rpc)
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            var report = ConnectionReport()
            report.checks = [
                .init("connection", ok: true),
                .init("login", ok: false, field: error.field ?? "password", message: error.message),
            ]
            return report
        }
    }

    private func report(_ rpc: RPC) async throws -> ConnectionReport {
        let session = try await rpc.session()
        guard session.rpcVersion != nil else { throw rpc.endpoint.nonsense("version") }
        var report = ConnectionReport(version: session.version, apiVersion: session.rpcVersion.map { "\($0)" })
        report.savePath = settings.savePath.isEmpty ? session.downloadFolder : settings.savePath
        report.checks = [.init("connection", ok: true), .init("login", ok: true), check(session)]
        guard report.checks.allSatisfy(\.ok) else { return report }
        let labels =
            session.hasLabels ? try await rpc.labels().union(settings.category.isEmpty ? [] : [settings.category]) : []
        report.categories = Dictionary(uniqueKeysWithValues: labels.map { ($0, report.savePath ?? "") })
        report.checks.append(await checkPath(report.savePath, rpc))
        if settings.category.contains(",") {
            report.checks.append(
                .init("category", ok: false, field: "category", message: "Transmission's labels hold no commas.")
            )
        }
        report.warnings = ConnectionWarnings(settings: settings, session: session, address: rpc.endpoint.address).all
        return report
    }

    private func check(_ session: Session) -> ConnectionReport.Check {
        guard let version = session.rpcVersion, version < Self.oldest else { return .init("api", ok: true) }
        let message = "Transmission \(session.version ?? "") is too old: 2.80 or newer is needed."
        return .init("api", ok: false, message: message)
    }

    private func checkPath(_ path: String?, _ rpc: RPC) async -> ConnectionReport.Check {
        guard let path else { return .init("savePath", ok: true) }
        do {
            let free = try await rpc.freeSpace(in: path)
            guard free >= 0 else { throw PluginError(.remoteFailure, "It does not exist.") }
            return .init("savePath", ok: true, field: "savePath")
        } catch {
            // It makes a folder of its own; one that cannot be made shows with the first download.
            guard settings.savePath.isEmpty else {
                return .init(
                    "savePath",
                    ok: false,
                    field: "savePath",
                    message:
                        "Transmission cannot use the folder \(path). Make it, or give Transmission the right to write."
                )
            }
            return .init("savePath", ok: true, field: "savePath", message: "Transmission will make the folder \(path).")
        }
    }
}
