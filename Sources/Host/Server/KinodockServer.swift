import Cryptography
import FoundationEssentials
import HTTPClient
import HTTPServer
import PluginAPI

/// The whole server: puts the parts together, starts them in order, and ends them in order.
final class KinodockServer: Sendable {
    private let configuration: ServerConfiguration
    private let parts: ServerParts
    private let http: HTTPServer
    private let watch: FolderWatch
    private let housekeeping: Task<Void, Never>
    private let following: Task<Void, Never>
    private let watchingHealth: Task<Void, Never>

    /// The address under which the server can be reached.
    var address: String {
        let scheme = configuration.tlsCertificate == nil ? "http" : "https"
        let host =
            configuration.listenAddress.contains(":") ? "[\(configuration.listenAddress)]" : configuration.listenAddress
        return "\(scheme)://\(host):\(http.port)"
    }

    /// Starts the server; it serves when this returns.
    ///
    /// - Throws: errors in words, each of which says what to do.
    init(_ configuration: ServerConfiguration, parts: ServerParts) async throws {
        self.configuration = configuration
        self.parts = parts
        try parts.pluginRequests.begin()
        try await parts.plugins.catalog.blame(parts.pluginFaults)
        try await parts.plugins.catalog.begin()
        await parts.follower.begin()
        try await parts.importer.recover(parts.store, logger: parts.logger)
        try await parts.queue.load()
        http = try HTTPServer(
            configuration: try Self.httpConfiguration(configuration),
            router: parts.router(configuration),
            accessLog: parts.accessLog(configuration)
        )
        await parts.pictures.prepare()
        await parts.registry.onChange { [parts] in await parts.registryChanged() }
        await parts.registry.onHealthChange { [health = parts.health] in health.ring() }
        await parts.registryChanged()
        watch = FolderWatch(configuration.pluginFolders) { parts.plugins.catalog.look() }
        if !watch.start() {
            parts.logger.warning("The plugin folders cannot be watched; rescan by hand after a change.")
            await parts.health.report(.foldersNotWatched)
        }
        housekeeping = Task { await Self.keepHouse(parts) }
        following = Task {
            for await _ in parts.pluginChanges {
                await parts.follower.follow()
                parts.health.ring()
            }
        }
        await parts.health.begin()
        watchingHealth = Task { await parts.health.run() }
        parts.readiness.set(true)
    }

    /// Does what commands have asked for, and looks into the plugin folders again, on SIGHUP.
    func rescan() async {
        do {
            try await parts.pluginRequests.carryOut()
            try await parts.plugins.rescan()
            parts.logger.info("Looked into the plugin folders again.")
        } catch {
            parts.logger.error("The plugin folders could not be looked at again. \(error.words)")
        }
    }

    /// Ends in order: no new requests, running ones finish, then monitor, plugins and store.
    func stop() async {
        parts.readiness.set(false)
        housekeeping.cancel()
        following.cancel()
        watchingHealth.cancel()
        watch.stop()
        await http.stop(within: .seconds(4))
        await parts.monitor.stop()
        await parts.courier.stop()
        await parts.queue.stopImports()
        await parts.filler.stop()
        await parts.registry.shutDown()
        parts.plugins.catalog.shutDown()
        await parts.health.stop()
        parts.client.shutDown()
        parts.store.close()
    }

    /// What has to be done from time to time.
    private static func keepHouse(_ parts: ServerParts) async {
        var rounds = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(2))
            if Task.isCancelled { return }
            parts.keys.refresh()
            for events in [parts.events, parts.adminEvents] { events.endStreams(unless: parts.keys.holds) }
            await parts.queue.tick()
            await parts.queue.carryOutRemovals()
            if rounds.isMultiple(of: 300) { await parts.courier.sweep() }
            rounds += 1
            await parts.filler.tick()
        }
    }

    private static func httpConfiguration(_ configuration: ServerConfiguration) throws -> HTTPServer.Configuration {
        var http = HTTPServer.Configuration(address: configuration.listenAddress, port: configuration.listenPort)
        http.maxConnections = 8192
        if let certificate = configuration.tlsCertificate, let key = configuration.tlsKey {
            http.tls = .init(certificatePEM: try read(certificate), keyPEM: try read(key))
        }
        return http
    }

    private static func read(_ path: String) throws -> String {
        do {
            return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        } catch {
            throw CommandFailure("The file \(path) cannot be read: \(error.words).")
        }
    }
}
