/// One instance behind the opaque pointer of the C contract: it runs calls, cancels them, and ends in order.
final class PluginInstanceBox: Sendable {
    private let backend: Backend
    private let methods: MethodTable
    private let calls = RunningCalls()

    init(_ plugin: any Plugin, methods: MethodTable) {
        backend = Backend(plugin)
        self.methods = methods
    }

    func start(_ call: IncomingCall) {
        if let fault = call.fault { return call.fail(fault) }
        guard let method = methods[call.method] else {
            return call.fail(methods.unsupported(call.method))
        }
        calls.start(call.id) { [backend] in
            do {
                let answer = try await method(backend, call.json, call.attachment)
                call.succeed(json: answer.json, attachment: answer.attachment)
            } catch {
                call.fail(WireJSON.pluginError(from: error))
            }
        }
    }

    func cancel(_ id: UInt64) {
        calls.cancel(id)
    }

    /// Cancels what is open, waits until all of it has replied, and lets the plugin close.
    func end() async {
        calls.cancelAll()
        await calls.drain()
        await backend.provider.shutDown()
    }
}
