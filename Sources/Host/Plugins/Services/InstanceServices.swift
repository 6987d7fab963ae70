import FoundationEssentials
import PluginAPI

/// Sends the HTTP requests of one instance, which has cookies of its own.
protocol ServiceHTTP: Sendable {
    /// - Throws: as `HostServices.send`.
    func send(_ request: ServiceRequest) async throws -> ServiceResponse
}

/// Keeps the small values of one instance, also across restarts.
protocol KeyValueStore: Sendable {
    func value(for key: String) async throws -> Data?
    /// `nil` removes the value.
    func setValue(_ value: Data?, for key: String) async throws
}

/// What the host does for one instance, put together from the host's parts.
struct InstanceServices: HostServices {
    /// The largest stored value, and the longest key, in bytes.
    static let largestValue = 1 << 20
    static let longestKey = 256
    /// The most bytes that a request may allow for its answer.
    static let largestAnswer = 1 << 30
    /// How long a request may take, in milliseconds.
    static let timeouts = 1...3_600_000

    let http: any ServiceHTTP
    let store: any KeyValueStore
    let makeFolders: @Sendable () throws(PluginError) -> HostFolders
    let clock: @Sendable () -> Date
    let emitEvent: @Sendable (_ event: String, _ details: [String: JSONValue]) -> Void
    let writeLog: @Sendable (_ level: LogLevel, _ message: String, _ fields: [String: JSONValue]) -> Void

    var now: Date { clock() }

    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        let scheme = request.url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw PluginError(.invalid, "The address must start with http:// or https://.", field: "url")
        }
        guard Self.timeouts.contains(request.timeout) else {
            let words = "The timeout is from \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound) milliseconds."
            throw PluginError(.invalid, words, field: "timeout")
        }
        guard (0...Self.largestAnswer).contains(request.maxBytes) else {
            let words = "An answer may have from 0 to \(Self.largestAnswer) bytes."
            throw PluginError(.invalid, words, field: "max_bytes")
        }
        return try await http.send(request)
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {
        writeLog(level, message, fields)
    }

    func value(for key: String) async throws -> Data? {
        try check(key)
        return try await store.value(for: key)
    }

    func setValue(_ value: Data?, for key: String) async throws {
        try check(key)
        guard (value?.count ?? 0) <= Self.largestValue else {
            throw PluginError(.invalid, "A stored value may have at most \(Self.largestValue) bytes.", field: "value")
        }
        try await store.setValue(value, for: key)
    }

    func folders() async throws -> HostFolders { try makeFolders() }

    func emit(_ event: String, details: [String: JSONValue]) {
        emitEvent(event, details)
    }

    private func check(_ key: String) throws(PluginError) {
        guard (1...Self.longestKey).contains(key.utf8.count) else {
            throw PluginError(.invalid, "A key has 1 to \(Self.longestKey) bytes.", field: "key")
        }
    }
}
