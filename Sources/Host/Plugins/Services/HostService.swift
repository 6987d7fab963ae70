import FoundationEssentials
import PluginAPI

/// The services of the host by their wire names; see docs/plugin-guide.md.
enum HostService {
    static func run(
        _ call: IncomingCall,
        with services: any HostServices
    ) async throws -> (json: Data, attachment: Data?) {
        switch call.method {
        case "http.send":
            return try await send(call, with: services)
        case "kv.get":
            let value = try await services.value(for: key(of: call))
            return (try WireJSON.encode(KeyResult(found: value != nil)), value)
        case "kv.set":
            try await services.setValue(call.attachment ?? Data(), for: key(of: call))
        case "kv.delete":
            try await services.setValue(nil, for: key(of: call))
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
    static func pluginError(from error: any Error) -> PluginError {
        switch error {
        case let error as PluginError: error
        case is CancellationError: PluginError(.cancelled, "The plugin gave up.")
        default: PluginError(.internal, "The server could not do it: \(error.words)")
        }
    }

    private static func send(
        _ call: IncomingCall,
        with services: any HostServices
    ) async throws -> (json: Data, attachment: Data?) {
        var request = try WireJSON.decodeParameters(ServiceRequest.self, from: call.json)
        request.body = call.attachment
        let response = try await services.send(request)
        return (try WireJSON.encode(response), response.body)
    }

    private static func key(of call: IncomingCall) throws(PluginError) -> String {
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
