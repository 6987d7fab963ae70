import FoundationEssentials
import PluginAPI
import Synchronization

@testable import TMDB

/// The plugin on a recorded TMDB, with a clock that moves with its waits.
struct Rig: Sendable {
    static let token = "eyJhbGciOiJIUzI1NiJ9.of-a-test.signature"
    static let key = "0123456789abcdef0123456789abcdef"

    let host: RecordedHost
    let plugin: TMDBProvider
    let recording: RecordedExchanges
    let waits = Waits()

    /// Seconds that the plugin has waited.
    final class Waits: Sendable {
        private let list = Mutex<[Duration]>([])
        var all: [Duration] { list.withLock(\.self) }
        func add(_ wait: Duration) { list.withLock { $0.append(wait) } }
    }

    /// - Parameters:
    ///   - host: one of an earlier plugin, for a restart.
    ///   - answers: the names of the exchanges that the host answers with, any number of times.
    init(
        on host: RecordedHost = RecordedHost(),
        _ answers: String...,
        change: (inout TMDBSettings) -> Void = { _ in }
    ) throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/"
        )
        recording = try RecordedExchanges(contentsOf: "\(folder)/Samples/tmdb-v3.json")
        self.host = host
        var settings = TMDBSettings()
        settings.apiKey = Self.token
        settings.url = "http://tmdb.test/3"
        change(&settings)
        let waits = waits
        plugin = try TMDBProvider(
            settings: settings,
            host: host,
            tools: .init(sleep: { duration in
                waits.add(duration)
                host.advance(bySeconds: Double(duration.components.seconds))
            })
        )
        try host.always("configuration", of: recording)
        for name in answers { try host.always(name, of: recording) }
    }

    /// What the plugin asked for, without the address of pictures.
    var asked: [String] { host.requests.map(\.target).filter { $0 != "/3/configuration" } }
}

/// The error that `body` throws.
func failure(_ body: () async throws -> some Any) async -> PluginError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? PluginError
    }
}
