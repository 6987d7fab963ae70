import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization

/// The connection of an instance, which many callers use at once, until another one takes its place.
///
/// A retired one finishes the calls that it has begun and takes no new ones: these go to its successor, so that nobody
/// notices that a plugin or a setting was exchanged.
final class SharedConnection: PluginConnection {
    typealias Successor = @Sendable () async throws(PluginError) -> any PluginConnection

    private struct State {
        var calls = 0
        var isRetired = false
        var isShut = false
    }

    private let connection: any PluginConnection
    private let successor: Successor
    private let state = Mutex(State())

    /// - Parameter successor: the connection that is in use now; asked for when this one is retired.
    init(_ connection: any PluginConnection, successor: @escaping Successor) {
        self.connection = connection
        self.successor = successor
    }

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        guard begin() else {
            // Each is younger than the one before, so this ends with the one that is in use.
            let next = try await successor()
            return try await next.call(method: method, json: json, attachment: attachment, deadline: deadline)
        }
        do {
            let answer = try await connection.call(
                method: method,
                json: json,
                attachment: attachment,
                deadline: deadline
            )
            leave()
            return answer
        } catch {
            leave()
            throw error
        }
    }

    /// Takes no new calls from now on, and ends when those that are open have ended; at once when there are none.
    func retire() async {
        if end({ $0.isRetired = true }) { await connection.shutDown() }
    }

    /// Ends at once; open calls are cancelled.
    func shutDown() async {
        let isFirst = state.withLock { state in
            state.isRetired = true
            defer { state.isShut = true }
            return !state.isShut
        }
        if isFirst { await connection.shutDown() }
    }

    private func begin() -> Bool {
        state.withLock { state in
            if !state.isRetired { state.calls += 1 }
            return !state.isRetired
        }
    }

    /// Ends a call; whoever made it does not wait for the end of the connection, which may take long.
    private func leave() {
        guard end({ $0.calls -= 1 }) else { return }
        Task { await connection.shutDown() }
    }

    /// - Returns: whether the connection is to be shut down, which is so once.
    private func end(_ change: (inout State) -> Void) -> Bool {
        state.withLock { state in
            change(&state)
            guard state.isRetired, state.calls == 0, !state.isShut else { return false }
            state.isShut = true
            return true
        }
    }
}
