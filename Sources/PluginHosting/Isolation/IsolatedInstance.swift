import FoundationEssentials
import PluginAPI
import Synchronization

/// An instance of an isolated plugin: made anew, with the same settings, in every process that the plugin gets.
final class IsolatedInstance: PluginConnection {
    /// The instance in one process.
    private struct Place {
        let session: RunnerSession
        let number: UInt32
    }

    private struct State {
        var place: Place?
        var connecting: Task<Result<Place, PluginError>, Never>?
        var isEnded = false
    }

    private let plugin: IsolatedPlugin
    private let settings: Data
    private let host: any HostEndpoint
    private let creationLimit: Duration
    private let state = Mutex(State())

    init(plugin: IsolatedPlugin, settings: Data, host: any HostEndpoint, creationLimit: Duration) {
        self.plugin = plugin
        self.settings = settings
        self.host = host
        self.creationLimit = creationLimit
    }

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let end = MonotonicTime.after(deadline)
        let (place, hasWaited) = try await place(within: deadline)
        let now = hasWaited ? MonotonicTime.now : 0
        return try await place.session.call(
            place.number,
            method: method,
            json: json,
            attachment: attachment,
            deadline: hasWaited ? .nanoseconds(Int64(clamping: end > now ? end - now : 0)) : deadline
        )
    }

    func shutDown() async {
        let place = state.withLock { state -> Place? in
            state.isEnded = true
            return state.place.take()
        }
        if let place, place.session.isAlive { await place.session.destroy(place.number, within: .seconds(5)) }
        plugin.ended(self)
    }

    /// Makes the instance in the plugin's process, unless it is there.
    ///
    /// - Throws: what the plugin says about the settings, or why there is no process.
    func connect() async throws(PluginError) {
        // The start of a process and the creation have limits of their own.
        _ = try await place(within: nil)
    }

    private enum Placement {
        case there(Place)
        case connecting(Task<Result<Place, PluginError>, Never>)
    }

    /// - Parameter limit: how long to wait for a place that is being made; `nil` for as long as it takes.
    /// - Returns: the place, and whether there was something to wait for.
    private func place(within limit: Duration?) async throws(PluginError) -> (Place, hasWaited: Bool) {
        let placement = try state.withLock { state throws(PluginError) -> Placement in
            guard !state.isEnded else { throw PluginError(.cancelled, "The plugin's instance was ended.") }
            if let place = state.place, place.session.isAlive { return .there(place) }
            if let connecting = state.connecting { return .connecting(connecting) }
            let task = Task { await self.makePlace() }
            state.connecting = task
            return .connecting(task)
        }
        switch placement {
        case .there(let place): return (place, false)
        case .connecting(let task):
            guard let limit else { return (try await task.value.get(), true) }
            return (try await value(of: task, within: limit), true)
        }
    }

    /// What `task` comes to, unless that takes too long or the caller gives up; it goes on for the next one then.
    private func value(
        of task: Task<Result<Place, PluginError>, Never>,
        within limit: Duration
    ) async throws(PluginError) -> Place {
        let (results, end) = AsyncStream.makeStream(of: Result<Place, PluginError>.self)
        Task {
            end.yield(await task.value)
            end.finish()
        }
        let alarm = Task {
            try? await Task.sleep(for: limit)
            end.finish()
        }
        defer { alarm.cancel() }
        for await result in results { return try result.get() }
        guard !Task.isCancelled else { throw PluginError(.cancelled, "The caller gave up.") }
        let words = "The plugin \(plugin.manifest.id) was not started again in time; try again in a moment."
        throw PluginError(.deadlineExceeded, words)
    }

    private func makePlace() async -> Result<Place, PluginError> {
        let result: Result<Place, PluginError>
        do throws(PluginError) {
            let session = try await plugin.session()
            let number = try await session.create(settings: settings, host: host, within: creationLimit)
            result = .success(Place(session: session, number: number))
        } catch {
            result = .failure(error)
        }
        let orphan = state.withLock { state -> Place? in
            state.connecting = nil
            guard case .success(let place) = result else { return nil }
            if state.isEnded { return place }
            state.place = place
            return nil
        }
        if let orphan { await orphan.session.destroy(orphan.number, within: .seconds(5)) }
        return result
    }
}
