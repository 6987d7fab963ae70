import FoundationEssentials
import PluginAPI
import PluginHosting

/// How long small calls to a plugin take from the host's proxy to the plugin and back, one after the other.
///
/// Measured without a network: what the plugin sends through the host fails with `unreachable`. So of a plugin that asks
/// a service for everything this is what a failing call costs.
struct CallTiming: Sendable {
    /// The wire name of the method that was called.
    let method: String
    /// The time of every call in nanoseconds, shortest first; at least one.
    let times: [UInt64]
    /// What the plugin answered last, when that was a failure.
    let failure: PluginError?

    /// In microseconds.
    var median: Double { microseconds(times.count / 2) }
    /// What 99 of 100 calls need at most, in microseconds.
    var p99: Double { microseconds(times.count * 99 / 100) }

    /// For people, and for scripts that look for `median` and `p99`.
    var line: String {
        let answer = failure.map { "; the plugin answered \($0.code)" } ?? ""
        return "\(method): median \(median) us, p99 \(p99) us, \(times.count) calls one after the other\(answer)"
    }

    private func microseconds(_ place: Int) -> Double {
        (Double(times[min(place, times.count - 1)]) / 100).rounded() / 10
    }
}

extension CallTiming {
    /// A plugin that answers slowly is not called more often than this allows.
    private static let limit = Duration.seconds(20)

    /// Calls an instance of `plugin` that has these settings.
    ///
    /// A download client is asked for a download that it does not have, any other kind for the choices of no field.
    ///
    /// - Parameter calls: at least 1. A fifth of them, made before, does not count.
    /// - Throws: what the plugin says about the settings.
    static func measure(
        _ plugin: any UsablePlugin,
        settings: Data,
        calls: Int,
        clock: any WallClock
    ) async throws -> CallTiming {
        let instance = try await plugin.makeInstance(
            settings: settings,
            host: HostService(services: SilentServices(clock: clock)),
            within: .seconds(15)
        )
        let client = RemoteDownloadClient(instance)
        let isClient = plugin.manifest.kinds.contains(.known(.downloadClient))
        let (times, failure) = await measure(calls: calls) {
            if isClient { _ = try await client.item("kinodock-check") } else { _ = try await client.options(for: "") }
        }
        await instance.shutDown()
        return CallTiming(
            method: isClient ? "download.item" : "provider.options",
            times: times.sorted(),
            failure: failure
        )
    }

    private static func measure(
        calls: Int,
        _ call: () async throws -> Void
    ) async -> (times: [UInt64], failure: PluginError?) {
        let end = MonotonicTime.after(limit)
        var times: [UInt64] = []
        var failure: PluginError?
        for _ in 0..<calls / 5 + calls where times.isEmpty || MonotonicTime.now < end {
            let start = MonotonicTime.now
            do {
                try await call()
                failure = nil
            } catch {
                failure = WireJSON.pluginError(from: error)
            }
            times.append(MonotonicTime.now - start)
        }
        return (Array(times.suffix(calls)), failure)
    }
}
