import FoundationEssentials
import PluginAPI
import PluginHosting

/// The services of the host by their wire names; see docs/plugin-authors.md.
struct HostService: HostEndpoint {
    let services: any HostServices

    func answer(
        method: String,
        json: Data,
        attachment: Data?
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        do {
            return try await run(Request(method: method, json: json, attachment: attachment))
        } catch {
            throw Self.pluginError(from: error)
        }
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {
        services.log(level, message, fields: fields)
    }

    private struct Request {
        let method: String
        let json: Data
        let attachment: Data?
    }

    private func run(_ call: Request) async throws -> (json: Data, attachment: Data?) {
        switch call.method {
        case "http.send":
            return try await send(call)
        case "kv.get":
            let value = try await services.value(for: key(of: call))
            return (try WireJSON.encode(KeyResult(found: value != nil)), value)
        case "kv.set":
            try await services.setValue(call.attachment ?? Data(), for: key(of: call))
        case "kv.delete":
            try await services.setValue(nil, for: key(of: call))
        case "host.folders":
            return (try WireJSON.encode(try await services.folders()), nil)
        case "clock.now":
            return (try WireJSON.encode(ClockResult(services.now)), nil)
        case "events.emit":
            let event = try WireJSON.decodeParameters(EventParameters.self, from: call.json)
            services.emit(event.event, details: event.details ?? [:])
        default:
            throw PluginError(
                .unsupported,
                "This host has no service \(call.method.prefix(64)); a newer one may have it."
            )
        }
        return (WireJSON.emptyObject, nil)
    }

    /// What a plugin is told about a failure; the host's own errors hold no secrets.
    private static func pluginError(from error: any Error) -> PluginError {
        switch error {
        case let error as PluginError: error
        case is CancellationError: PluginError(.cancelled, "The plugin gave up.")
        default: PluginError(.internal, "The server could not do it: \(error.words)")
        }
    }

    private func send(_ call: Request) async throws -> (json: Data, attachment: Data?) {
        var request = try WireJSON.decodeParameters(ServiceRequest.self, from: call.json)
        request.body = call.attachment
        let response = try await services.send(request)
        return (try WireJSON.encode(response), response.body)
    }

    private func key(of call: Request) throws(PluginError) -> String {
        try WireJSON.decodeParameters(KeyParameters.self, from: call.json).key
    }
}

/// Of `clock.now`.
private struct ClockResult: Encodable {
    let unixMilliseconds: Int64

    private enum CodingKeys: String, CodingKey {
        case unixMilliseconds = "unix_ms"
    }

    init(_ time: Date) {
        unixMilliseconds = Int64(time.timeIntervalSince1970 * 1000)
    }
}
