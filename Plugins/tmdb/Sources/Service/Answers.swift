import FoundationEssentials
import PluginAPI
import Synchronization

/// What TMDB has answered, for as long as TMDB says that it holds, within a fixed amount of memory.
///
/// The server keeps titles for longer and on disk; this spares the requests that one page makes several times.
final class Answers: Sendable {
    private struct Entry {
        var body: Data
        var etag: String?
        var expires: Date
        /// When it was last asked for, in requests.
        var turn: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bytes = 0
        var turn: UInt64 = 0
    }

    /// Bytes that are kept in all.
    static let capacity = 4 << 20
    /// A larger answer is not kept: it would push out all others.
    static let largest = 512 << 10
    /// Seconds that an answer holds, whatever TMDB says.
    private static let lifetimes = 60.0...21_600
    /// Seconds that one holds of which TMDB says nothing.
    private static let usualLifetime = 600.0

    let service: Service
    private let state = Mutex(State())
    private let open = SharedWork<String, Data>()

    init(service: Service) {
        self.service = service
    }

    /// The answer to a question, from memory when it still holds; questions of the same thing at once are asked once.
    ///
    /// - Throws: `PluginError`.
    private func body(_ path: String, _ query: Service.Query = []) async throws -> Data {
        let key = Self.key(path, query)
        let known = known(key)
        if let known, known.expires > service.host.now { return known.body }
        return try await open.value(for: key) {
            let response = try await self.service.get(path, query, etag: known?.etag)
            return try self.keep(response, known, for: key)
        }
    }

    /// The answer to a question, read.
    func value<Value: Decodable>(_ type: Value.Type, _ path: String, _ query: Service.Query = []) async throws -> Value
    {
        let body = try await body(path, query)
        do {
            return try service.read(type, from: body)
        } catch {
            forget(Self.key(path, query))
            throw error
        }
    }

    private static func key(_ path: String, _ query: Service.Query) -> String {
        path + "?" + query.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    /// What could not be read is asked for anew.
    private func forget(_ key: String) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: key) else { return }
            state.bytes -= entry.body.count
        }
    }

    private func known(_ key: String) -> Entry? {
        state.withLock { state in
            state.turn += 1
            state.entries[key]?.turn = state.turn
            return state.entries[key]
        }
    }

    private func keep(_ response: ServiceResponse, _ known: Entry?, for key: String) throws -> Data {
        let isSame = response.status == 304
        guard let body = isSame ? known?.body : response.body else { throw service.unreadable(Data(), status: 304) }
        guard body.count <= Self.largest else { return body }
        let expires = service.host.now.addingTimeInterval(Self.lifetime(response))
        let etag = response.header("ETag") ?? (isSame ? known?.etag : nil)
        state.withLock { state in
            state.turn += 1
            state.bytes += body.count - (state.entries[key]?.body.count ?? 0)
            state.entries[key] = Entry(body: body, etag: etag, expires: expires, turn: state.turn)
            while state.bytes > Self.capacity, let oldest = state.entries.min(by: { $0.value.turn < $1.value.turn }) {
                state.bytes -= oldest.value.body.count
                state.entries[oldest.key] = nil
            }
        }
        return body
    }

    private static func lifetime(_ response: ServiceResponse) -> Double {
        let parts = (response.header("Cache-Control") ?? "").split { $0 == "," || $0 == " " }
        let age = parts.first { $0.hasPrefix("max-age=") }.flatMap { Double($0.dropFirst(8)) } ?? usualLifetime
        return min(max(age, lifetimes.lowerBound), lifetimes.upperBound)
    }
}
