import CKinodockPlugin
import FoundationEssentials
import PluginAPI
import Synchronization

/// An instance of a plugin whose code runs in this process.
///
/// Deadlines, cancellation and the end of the instance hold whatever the plugin does: its functions run on threads of
/// their own, a caller never waits for a plugin past its deadline, and a reply that nobody waits for is dropped.
final class InProcessTransport: RelayedInstance {
    /// Calls that a plugin may leave unanswered before it gets no more of them.
    static let openCallLimit = 4096

    let bridge: HostBridge
    private let number: UInt32
    private let pluginID: String
    private let functions: PluginFunctions
    private let threads: PluginThreads
    private let gate = InstanceGate()
    private let open = OpenCalls()
    private let lastCall = Atomic<UInt64>(0)
    private let hasReportedReply = Atomic<Bool>(false)

    init(number: UInt32, plugin: LoadedPlugin, host: any HostEndpoint) {
        self.number = number
        pluginID = plugin.manifest.id
        functions = plugin.functions
        threads = plugin.threads
        bridge = HostBridge(number: number, host: host)
    }

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let id = nextID()
        let call = OutgoingCall(method: method, json: json, attachment: attachment, deadline: deadline)
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                begin(call, id, .caller(continuation), until: MonotonicTime.after(deadline))
                // A cancellation that came before `begin` named a call that was not open yet.
                if Task.isCancelled { giveUp(id, Self.cancelled) }
            }
        } onCancel: {
            giveUp(id, Self.cancelled)
        }
        return try result.get()
    }

    func start(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration,
        reply: @escaping @Sendable (CallResult) -> Void
    ) -> CallID {
        let id = nextID()
        let call = OutgoingCall(method: method, json: json, attachment: attachment, deadline: deadline)
        begin(call, id, .action(reply), until: .max)
        return id
    }

    func askToGiveUp(_ id: CallID) {
        if open.cancel(id, Self.cancelled) { tellCancelled(id) }
    }

    /// Creates the plugin's side of the instance.
    ///
    /// Called once, before any other call.
    ///
    /// - Throws: what the plugin says about the settings, or `.deadlineExceeded`.
    func create(settings: Data, within limit: Duration) async throws(PluginError) {
        let call = OutgoingCall(method: "create", json: settings, deadline: limit)
        let (id, timer) = (nextID(), nextID())
        let outcome = await withUnsafeContinuation { continuation in
            let pending = PendingCreation(continuation) { self.endLate($0) }
            register(id, call, until: .max, .action { pending.replied($0) })
            register(timer, call, until: MonotonicTime.after(limit), .action { _ in pending.giveUp(Self.slowCreation) })
            let isAccepted = threads.calls.run {
                guard let call = self.open.start(id) else { return }
                let pointer = call.withBorrowed(id) { self.functions.create(self.bridge.table, $0) }
                pending.returned(pointer.map(InstancePointer.init(raw:)))
            }
            if !isAccepted { pending.giveUp(tooManyCalls) }
        }
        _ = open.reply(timer, .failure(Self.cancelled))
        switch outcome {
        case .success(let instance): gate.open(instance)
        case .failure(let error):
            if error != Self.slowCreation { LiveInstances.shared.remove(number) }
            throw error
        }
    }

    /// Calls the plugin's `migrate`, in place of creating an instance; nothing else can be done with this afterwards.
    ///
    /// - Returns: the plugin's reply.
    /// - Throws: what the plugin says, `.deadlineExceeded`, or `.cancelled`.
    func migrate(
        _ function: @escaping @Sendable (UnsafePointer<kinodock_call>) -> Void,
        _ parameters: Data,
        within limit: Duration
    ) async throws(PluginError) -> Data {
        let call = OutgoingCall(method: "migrate", json: parameters, deadline: limit)
        let id = nextID()
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                register(id, call, until: MonotonicTime.after(limit), .caller(continuation))
                let isAccepted = threads.calls.run {
                    guard let call = self.open.start(id) else { return }
                    call.withBorrowed(id) { function($0) }
                }
                if !isAccepted { _ = open.abandon(id, tooManyCalls) }
                if Task.isCancelled { giveUp(id, Self.cancelled) }
            }
        } onCancel: {
            giveUp(id, Self.cancelled)
        }
        LiveInstances.shared.remove(number)
        return try result.get().json
    }

    /// Ends the instance: answers whoever still waits with `.cancelled`, cancels those calls, and asks the plugin to
    /// close.
    ///
    /// - Parameter limit: how long to wait for the plugin. A plugin that does not end in time keeps its memory, but
    ///   nothing that it does later reaches the host.
    /// - Returns: whether the plugin has ended in time.
    @discardableResult
    func shutDown(within limit: Duration) async -> Bool {
        guard gate.close() else { return true }
        for id in open.waiting { giveUp(id, Self.ended) }
        let call = OutgoingCall(method: "destroy", json: WireJSON.emptyObject, deadline: limit)
        let id = nextID()
        let result = await withUnsafeContinuation { continuation in
            register(id, call, until: MonotonicTime.after(limit), .caller(continuation))
            gate.whenEmpty { self.destroy($0, id) }
        }
        LiveInstances.shared.remove(number)
        bridge.end()
        guard case .failure(let error) = result else { return true }
        bridge.host.log(.warning, "The plugin did not end in order.", fields: ["reason": .string(error.message)])
        return false
    }

    package func shutDown() async {
        _ = await shutDown(within: .seconds(5))
    }

    /// Gives up the calls whose deadline has passed.
    ///
    /// - Returns: the earliest deadline among the others.
    func expire(at now: UInt64) -> UInt64? {
        let due = open.due(at: now)
        let message = "The plugin \(pluginID) did not answer in time; look at the service behind it and try again."
        for id in due.expired { giveUp(id, PluginError(.deadlineExceeded, message)) }
        return due.next
    }

    /// The C function with which plugins answer.
    static func reply(
        _ context: UnsafeMutableRawPointer?,
        _ status: Int32,
        _ json: kinodock_bytes,
        _ attachment: kinodock_bytes
    ) {
        CrashMark.prepareThread()
        let id = CallID(context: context)
        LiveInstances.shared[id.instance]?.take(id, status, json, attachment)
    }

    private func take(_ id: CallID, _ status: Int32, _ json: kinodock_bytes, _ attachment: kinodock_bytes) {
        guard open.reply(id, result(status, json, attachment)) == .unexpected else { return }
        guard !hasReportedReply.exchange(true, ordering: .relaxed) else { return }
        let message = "The plugin replied more than once to a call; the surplus is ignored. Report it to its author."
        bridge.host.log(.warning, message, fields: ["plugin": .string(pluginID)])
    }

    private func result(_ status: Int32, _ json: kinodock_bytes, _ attachment: kinodock_bytes) -> CallResult {
        let sender = "The plugin \(pluginID)"
        if let fault = MessageLimits.fault(of: json, attachment, from: sender) {
            return .failure(PluginError(.badResponse, fault))
        }
        return status == 0
            ? .success((json.copy, attachment.data == nil ? nil : attachment.copy))
            : .failure(WireJSON.readFailure(json.copy, from: sender))
    }

    private func begin(_ call: OutgoingCall, _ id: CallID, _ receiver: OpenCalls.Receiver, until deadline: UInt64) {
        guard open.open(id, call, deadline: deadline, limit: Self.openCallLimit, receiver: receiver) else {
            return receiver.receive(.failure(tooManyCalls))
        }
        // Looked at when the call is open: an instance that ends later answers the calls that it finds.
        guard !gate.isClosed else { return _ = open.abandon(id, Self.ended) }
        DeadlineWatch.shared.watch(deadline: deadline)
        if functions.invokeReturns, deliverHere(id) { return }
        if !threads.calls.run({ self.deliver(id) }) { _ = open.abandon(id, tooManyCalls) }
    }

    /// - Returns: `false` when the call has to be delivered on another thread.
    private func deliverHere(_ id: CallID) -> Bool {
        switch threads.callersThread.run({ deliver(id) }) {
        case .done: return true
        case .refused: return false
        case .tooSlow(let milliseconds):
            let message =
                "The plugin kept the server's thread in invoke, though KINODOCK_PLUGIN_INVOKE_RETURNS says that it never "
                + "waits there. From now on it is called more slowly, on threads of its own. Report it to its author."
            let fields: [String: JSONValue] = [
                "plugin": .string(pluginID), "milliseconds": .integer(Int64(clamping: milliseconds)),
            ]
            bridge.host.log(.warning, message, fields: fields)
            return true
        }
    }

    private func deliver(_ id: CallID) {
        let isOpen = gate.pass { instance in
            guard let call = open.start(id) else { return }
            call.withBorrowed(id) { functions.invoke(instance.raw, $0) }
            // The `cancel` of a call that was given up meanwhile may have come before the plugin knew the call.
            if open.isCancelled(id) { functions.cancel(instance.raw, id.number) }
        }
        if !isOpen { _ = open.abandon(id, Self.ended) }
    }

    private func giveUp(_ id: CallID, _ error: PluginError) {
        if open.abandon(id, error) { tellCancelled(id) }
    }

    private func tellCancelled(_ id: CallID) {
        // When thousands of cancels do not return, one more would not either.
        _ = threads.cancels.run { _ = self.gate.pass(closing: true) { self.functions.cancel($0.raw, id.number) } }
    }

    private func destroy(_ instance: InstancePointer, _ id: CallID) {
        let isAccepted = threads.calls.run {
            guard let call = self.open.start(id) else { return }
            call.withBorrowed(id) { self.functions.destroy(instance.raw, $0) }
        }
        if !isAccepted { _ = open.abandon(id, tooManyCalls) }
    }

    /// Ends what came of a creation after it was given up.
    private func endLate(_ outcome: PendingCreation.Outcome) {
        guard case .success(let instance) = outcome else { return LiveInstances.shared.remove(number) }
        let id = nextID()
        let call = OutgoingCall(method: "destroy", json: WireJSON.emptyObject, deadline: .seconds(5))
        register(id, call, until: .max, .action { _ in LiveInstances.shared.remove(self.number) })
        destroy(instance, id)
    }

    /// Opens a call of the life cycle, to which the limit does not apply.
    private func register(
        _ id: CallID,
        _ call: OutgoingCall,
        until deadline: UInt64,
        _ receiver: OpenCalls.Receiver
    ) {
        _ = open.open(id, call, deadline: deadline, limit: .max, receiver: receiver)
        DeadlineWatch.shared.watch(deadline: deadline)
    }

    private func nextID() -> CallID {
        CallID(instance: number, count: lastCall.add(1, ordering: .relaxed).newValue)
    }
}

extension InProcessTransport {
    private static let cancelled = PluginError(.cancelled, "The caller gave up.")
    private static let ended = PluginError(.cancelled, "The plugin's instance was ended.")
    private static let slowCreation = PluginError(
        .deadlineExceeded,
        "The plugin took too long to create an instance; it must not wait for anything there."
    )

    private var tooManyCalls: PluginError {
        let message =
            "The plugin \(pluginID) has left \(Self.openCallLimit) calls unanswered, so it gets no more; restart the server."
        return PluginError(.internal, message)
    }
}
