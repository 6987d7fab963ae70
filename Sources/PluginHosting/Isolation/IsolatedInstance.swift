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
        let place = try await place()
        return try await place.session.call(
            place.number,
            method: method,
            json: json,
            attachment: attachment,
            deadline: deadline
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
        _ = try await place()
    }

    private enum Placement {
        case there(Place)
        case connecting(Task<Result<Place, PluginError>, Never>)
    }

    private func place() async throws(PluginError) -> Place {
        let placement = try state.withLock { state throws(PluginError) -> Placement in
            guard !state.isEnded else { throw PluginError(.cancelled, "The plugin's instance was ended.") }
            if let place = state.place, place.session.isAlive { return .there(place) }
            if let connecting = state.connecting { return .connecting(connecting) }
            let task = Task { await self.makePlace() }
            state.connecting = task
            return .connecting(task)
        }
        switch placement {
        case .there(let place): return place
        case .connecting(let task): return try await task.value.get()
        }
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
