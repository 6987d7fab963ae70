import PluginAPI

/// Tries a connection, and says what will surprise.
struct ConnectionTest: Sendable {
    private struct Version: Decodable {
        var version: String
        var enabledFeatures: [String]?
    }

    let settings: Aria2Settings
    let host: any HostServices

    /// - Throws: `PluginError` when aria2 cannot be reached, or is none. A refused secret is a failed check.
    func run() async throws -> ConnectionReport {
        let rpc = try RPC(settings: settings, host: host)
        do {
            return try await report(rpc)
        } catch let error as PluginError where error.code == .unauthorized {
            var report = ConnectionReport()
            report.checks = [
                .init("connection", ok: true),
                .init("login", ok: false, field: "secret", message: error.message),
            ]
            return report
        }
    }

    private func report(_ rpc: RPC) async throws -> ConnectionReport {
        let version = try await rpc.call(.init("getVersion"), as: Version.self)
        let options = try await rpc.call(.init("getGlobalOption"), as: [String: String].self)
        var report = ConnectionReport(version: version.version)
        report.savePath = settings.savePath.isEmpty ? options["dir"] : settings.savePath
        report.checks = [.init("connection", ok: true), .init("login", ok: true)]
        report.checks.append(.version(version.version, of: "aria2", oldest: "1.19"))
        let knowsTorrents = version.enabledFeatures?.contains("BitTorrent") ?? true
        report.checks.append(
            .init(
                "bittorrent",
                ok: knowsTorrents,
                message: knowsTorrents ? nil : "This aria2 was built without BitTorrent. Install one with it."
            )
        )
        report.warnings = ConnectionWarnings(settings: settings, options: options, address: rpc.endpoint.address).all
        return report
    }
}
