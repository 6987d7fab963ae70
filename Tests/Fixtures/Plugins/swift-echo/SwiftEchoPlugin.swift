import FoundationEssentials
public import PluginAPI

/// A download client that remembers what it was given: for tests and measurements of the plugin boundary.
struct SwiftEchoPlugin: Plugin, DownloadClient {
    struct Settings: Codable, Sendable {
        var host: String
        var port: Int
    }

    static let manifest = PluginManifest(
        id: "swift-echo",
        name: "Swift echo",
        version: "1.2.0",
        description: "Answers what it is asked.",
        sources: [.magnet, .torrent],
        settings: SettingsSchema(fields: [
            .host("host", label: "Host").required(),
            .number("port", label: "Port", in: 1...65535).default(8080),
        ])
    )

    private let settings: Settings
    private let host: any HostServices

    init(settings: Settings, host: any HostServices) throws {
        guard settings.host != "invalid" else {
            throw PluginError(.invalid, "The host invalid does not exist; enter another.", field: "host")
        }
        self.settings = settings
        self.host = host
    }

    func test() async throws -> ConnectionReport {
        if settings.host == "crash" {
            // Afterwards the task runs on a thread that the host knows nothing of.
            await Task.yield()
            fatalError("This is what was asked for.")
        }
        let answer = try await host.send(ServiceRequest("GET", "http://\(settings.host):\(settings.port)/"))
        var report = ConnectionReport(version: String(decoding: answer.body, as: UTF8.self))
        report.checks = [.init("answer", ok: answer.status == 200)]
        return report
    }

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await host.setValue(file ?? Data(request.link.utf8), for: "last")
        host.emit("changed", details: ["name": .string(request.name ?? "")])
        host.log(.info, "added", fields: ["bytes": .integer(Int64(file?.count ?? 0))])
        return AddedDownload(id: "\(file?.count ?? 0)")
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        DownloadChanges(cursor: "1", isComplete: cursor == nil, items: [])
    }

    func item(_ id: String) async throws -> DownloadItem? {
        if id == "none" { return nil }
        if id == "hang" { try await Task.sleep(for: .seconds(3600)) }
        if id == "secret" { throw LeakyError(password: "hunter2") }
        var item = DownloadItem(id: id, name: "A film", state: .downloading)
        item.size = 700 << 20
        item.remaining = 100 << 20
        item.downloadSpeed = 1 << 20
        item.savePath = "/downloads"
        return item
    }

    func files(of id: String) async throws -> [DownloadFile] { [] }
    func remove(_ id: String, deletingData: Bool) async throws {}
    func pause(_ id: String) async throws {}
    func resume(_ id: String) async throws {}
}

private struct LeakyError: Error, CustomStringConvertible {
    let password: String
    var description: String { "login with \(password) failed" }
}

/// The entry of the library.
@c(kinodock_plugin_v1)
public func plugin() -> PluginTable { PluginExport.table(for: SwiftEchoPlugin.self) }
