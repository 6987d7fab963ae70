import PluginAPI

/// Tells a media server which files are new or gone.
struct MediaServerNotifier: Plugin, Notifier {
    static let manifest = MediaServerManifest.manifest

    private let connectionTest: ConnectionTest
    private let map: PathMap
    private let refresher: Refresher

    /// - Throws: `PluginError` with `.invalid` and the field when the settings make no address.
    init(settings: MediaServerSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, sleeper: .continuous)
    }

    init(settings: MediaServerSettings, host: any HostServices, sleeper: any Clock<Duration>) throws {
        guard let service = Service(rawValue: settings.service) else {
            throw PluginError(.invalid, "There is no media server \(settings.service).", field: "service")
        }
        guard settings.apiKey.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" }) else {
            throw PluginError(.invalid, "A key has letters, digits and marks, and no blanks.", field: "apiKey")
        }
        let connection = try Connection(service, settings, host)
        let server: any MediaServer =
            service == .plex ? PlexServer(connection: connection) : JellyfinServer(connection: connection)
        map = PathMap(settings.pathMappings ?? [:])
        connectionTest = ConnectionTest(
            server: server,
            service: service,
            map: map,
            libraryPath: settings.libraryPath
        )
        refresher = Refresher(server, host: host, join: settings.joinSeconds, sleeper: sleeper)
    }

    func test() async throws -> ConnectionReport { try await connectionTest.run() }

    /// The host asks before it sends anything, also after a restart: then it goes on with what was left.
    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] {
        await refresher.resume()
        return MediaServerManifest.kinds.map(Open.known)
    }

    func notify(_ event: NotificationEvent) async throws {
        try await refresher.take(Change.all(in: event, map))
    }

    func shutDown() async { await refresher.stop() }
}
