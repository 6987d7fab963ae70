import FoundationEssentials
import PluginAPI
import PluginHosting

/// How long calls to a plugin take from the host's proxy to the plugin and back.
///
/// Measured without a network: what the plugin sends through the host fails with `unreachable`. So of a plugin that asks
/// a service for everything this is what a failing call costs.
struct CallTiming: Sendable {
    /// What is called, and how often.
    struct Plan: Sendable {
        /// A fifth of them more is made before, which does not count.
        var calls: Int
        /// How many callers call side by side, each one call after the other.
        var atOnce = 1
        /// Bytes that go to the plugin with each call.
        var attachment = 0
    }

    /// The wire name of the method that was called.
    let method: String
    let plan: Plan
    /// The time of every call in nanoseconds, shortest first; at least one.
    let times: [UInt64]
    /// Nanoseconds from the first call to the end of the last.
    let duration: UInt64
    /// What the plugin answered last, when that was a failure.
    let failure: PluginError?

    /// In microseconds.
    var median: Double { microseconds(times.count / 2) }
    /// What 99 of 100 calls need at most, in microseconds.
    var p99: Double { microseconds(times.count * 99 / 100) }

    /// For people, and for scripts that look for `median` and `p99`.
    var line: String {
        let answer = failure.map { "; the plugin answered \($0.code)" } ?? ""
        let way = plan.atOnce == 1 ? "one after the other" : "\(plan.atOnce) at once, \(perSecond) a second"
        let load = plan.attachment == 0 ? "" : " with \(plan.attachment) bytes"
        return "\(method): median \(median) us, p99 \(p99) us, \(times.count) calls\(load) \(way)\(answer)"
    }

    /// Calls within a second.
    var perSecond: Int { Int(Double(times.count) / Double(max(duration, 1)) * 1e9) }

    private func microseconds(_ place: Int) -> Double {
        (Double(times[min(place, times.count - 1)]) / 100).rounded() / 10
    }
}

extension CallTiming {
    /// A plugin that answers slowly is not called more often than this allows.
    private static let limit = Duration.seconds(20)

    /// Calls an instance of `plugin` that has these settings.
    ///
    /// A download client is asked for a download that it does not have; any other kind, and every plugin that is sent
    /// bytes, for the choices of no field.
    ///
    /// - Throws: what the plugin says about the settings.
    static func measure(
        _ plugin: any UsablePlugin,
        settings: Data,
        plan: Plan,
        clock: any WallClock
    ) async throws -> CallTiming {
        let instance = try await plugin.makeInstance(
            settings: settings,
            host: HostService(services: SilentServices(clock: clock)),
            within: .seconds(15)
        )
        let isClient = plugin.manifest.kinds.contains(.known(.downloadClient)) && plan.attachment == 0
        let call = call(isClient, instance, plan)
        _ = await measure(calls: plan.calls / 5, call)
        let start = MonotonicTime.now
        let results = await withTaskGroup { group in
            for caller in 0..<plan.atOnce {
                // The first callers make one call more, so that it is as many as were wanted.
                let share = plan.calls / plan.atOnce + (caller < plan.calls % plan.atOnce ? 1 : 0)
                group.addTask { await measure(calls: share, call) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let duration = MonotonicTime.now - start
        await instance.shutDown()
        return CallTiming(
            method: isClient ? "download.item" : "provider.options",
            plan: plan,
            times: results.flatMap(\.times).sorted(),
            duration: duration,
            failure: results.compactMap(\.failure).last
        )
    }

    private static func call(
        _ isClient: Bool,
        _ instance: any PluginConnection,
        _ plan: Plan
    ) -> @Sendable () async throws -> Void {
        let client = RemoteDownloadClient(instance)
        if isClient { return { _ = try await client.item("kinodock-check") } }
        if plan.attachment == 0 { return { _ = try await client.options(for: "") } }
        let bytes = Data(count: plan.attachment)
        return {
            _ = try await instance.call(
                method: "provider.options",
                json: Data(#"{"source":""}"#.utf8),
                attachment: bytes,
                deadline: CallDeadlines().other
            )
        }
    }

    private static func measure(
        calls: Int,
        _ call: () async throws -> Void
    ) async -> (times: [UInt64], failure: PluginError?) {
        let end = MonotonicTime.after(limit)
        var times: [UInt64] = []
        var failure: PluginError?
        for _ in 0..<calls where times.isEmpty || MonotonicTime.now < end {
            let start = MonotonicTime.now
            do {
                try await call()
                failure = nil
            } catch {
                failure = WireJSON.pluginError(from: error)
            }
            times.append(MonotonicTime.now - start)
        }
        return (times, failure)
    }
}
