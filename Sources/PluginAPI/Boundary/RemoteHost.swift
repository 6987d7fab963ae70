import CKinodockPlugin
import FoundationEssentials
import Synchronization

/// The host as an instance of a plugin sees it: `HostServices` over the C table that the host gave to `create`.
final class RemoteHost: HostServices {
    // Unsafe: the host keeps the table alive and unchanged until the instance's `destroy` has replied, and allows
    // every function on any thread.
    private nonisolated(unsafe) let host: UnsafePointer<kinodock_host>
    private let lastID = Atomic<UInt64>(0)

    init(_ host: UnsafePointer<kinodock_host>) {
        self.host = host
    }

    var now: Date { Date() }

    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        let answer = try await call("http.send", WireJSON.encode(request), attachment: request.body)
        var response = try read(ServiceResponse.self, from: answer.json)
        response.body = answer.attachment ?? Data()
        return response
    }

    func value(for key: String) async throws -> Data? {
        let answer = try await call("kv.get", WireJSON.encode(KeyParameters(key: key)))
        guard try read(KeyResult.self, from: answer.json).found else { return nil }
        return answer.attachment ?? Data()
    }

    func setValue(_ value: Data?, for key: String) async throws {
        let parameters = try WireJSON.encode(KeyParameters(key: key))
        _ = try await call(value == nil ? "kv.delete" : "kv.set", parameters, attachment: value)
    }

    func folders() async throws -> HostFolders {
        try read(HostFolders.self, from: try await call("host.folders", WireJSON.emptyObject).json)
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {
        let json = fields.isEmpty ? Data() : (try? WireJSON.encode(fields)) ?? Data()
        message.withBorrowedBytes { message in
            json.withBorrowedBytes { host.pointee.log(host.pointee.context, level.rawValue, message, $0) }
        }
    }

    func emit(_ event: String, details: [String: JSONValue]) {
        guard let json = try? WireJSON.encode(EventParameters(event: event, details: details)) else { return }
        invoke("events.emit", json, nil, id: nextID(), context: nil) { _, _, _, _ in }
    }

    private func call(
        _ method: String,
        _ json: Data,
        attachment: Data? = nil
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let id = nextID()
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let context = Unmanaged.passRetained(WaitingCall(continuation)).toOpaque()
                invoke(method, json, attachment, id: id, context: context) { WaitingCall.reply($0, $1, $2, $3) }
                // A cancellation that came before `invoke` named a call that the host did not know yet.
                if Task.isCancelled { host.pointee.cancel(host.pointee.context, id) }
            }
        } onCancel: {
            host.pointee.cancel(host.pointee.context, id)
        }
        return try result.get()
    }

    private func invoke(
        _ method: String,
        _ json: Data,
        _ attachment: Data?,
        id: UInt64,
        context: UnsafeMutableRawPointer?,
        reply: kinodock_reply
    ) {
        method.withBorrowedBytes { method in
            json.withBorrowedBytes { json in
                (attachment ?? Data()).withBorrowedBytes { attachment in
                    var call = kinodock_call()
                    call.size = UInt32(MemoryLayout<kinodock_call>.size)
                    call.id = id
                    call.method = method
                    call.json = json
                    call.attachment = attachment
                    call.context = context
                    call.reply = reply
                    host.pointee.invoke(host.pointee.context, &call)
                }
            }
        }
    }

    private func nextID() -> UInt64 {
        lastID.add(1, ordering: .relaxed).newValue
    }

    private func read<Value: Decodable>(_ type: Value.Type, from json: Data) throws(PluginError) -> Value {
        do {
            return try WireJSON.decode(type, from: json)
        } catch {
            throw PluginError(.badResponse, "The host's answer cannot be read; the plugin may need another version.")
        }
    }
}

/// A call of the plugin that waits for the host.
///
/// The host replies exactly once, which frees it.
private final class WaitingCall: Sendable {
    private let continuation: UnsafeContinuation<Result<(json: Data, attachment: Data?), PluginError>, Never>

    init(_ continuation: UnsafeContinuation<Result<(json: Data, attachment: Data?), PluginError>, Never>) {
        self.continuation = continuation
    }

    static func reply(
        _ context: UnsafeMutableRawPointer?,
        _ status: Int32,
        _ json: kinodock_bytes,
        _ attachment: kinodock_bytes
    ) {
        guard let context else { return }
        let call = Unmanaged<WaitingCall>.fromOpaque(context).takeRetainedValue()
        guard status == 0 else {
            return call.continuation.resume(returning: .failure(WireJSON.readFailure(json.copy, from: "The host")))
        }
        let answer = (json: json.copy, attachment: attachment.data == nil ? nil : attachment.copy)
        call.continuation.resume(returning: .success(answer))
    }
}
