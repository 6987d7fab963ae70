package import CKinodockPlugin
package import FoundationEssentials

/// A call that arrived over the C contract, copied out of the caller's memory.
package struct IncomingCall: @unchecked Sendable {
    // Unchecked: `context` belongs to the caller, who allows `reply` on any thread; nothing here looks into it.
    /// The caller's number for the call.
    package let id: UInt64
    /// The wire name, for example `download.add`.
    package let method: String
    /// The parameters, a JSON object.
    package let json: Data
    /// Raw bytes that belong to the parameters; `nil` when there are none.
    package let attachment: Data?
    /// Why the call cannot be run; its parameters were not copied then, and this is what it has to be answered with.
    package let fault: PluginError?
    private let context: UnsafeMutableRawPointer?
    private let reply: kinodock_reply

    /// Copies `call`; `nil` when it is shorter than the first version of the struct or has nowhere to reply to.
    ///
    /// - Parameter sender: who makes the call, at the beginning of a sentence.
    package init?(_ call: UnsafePointer<kinodock_call>, from sender: String) {
        guard call.pointee.size >= UInt32(KINODOCK_CALL_SIZE_V1), let reply = call.pointee.reply else { return nil }
        let (json, attachment) = (call.pointee.json, call.pointee.attachment)
        let words = MessageLimits.fault(of: json, attachment, from: sender)
        fault = words.map { PluginError(.invalid, $0) }
        id = call.pointee.id
        method = words == nil ? call.pointee.method.text : ""
        self.json = words == nil ? json.copy : Data()
        self.attachment = words != nil || attachment.count == 0 ? nil : attachment.copy
        context = call.pointee.context
        self.reply = reply
    }

    /// Answers with a result.
    ///
    /// Exactly one of `succeed` and `fail` is called, once.
    package func succeed(json: Data, attachment: Data? = nil) {
        json.withBorrowedBytes { json in
            guard let attachment else { return reply(context, 0, json, kinodock_bytes()) }
            attachment.withBorrowedBytes { reply(context, 0, json, $0) }
        }
    }

    /// Answers with a failure.
    package func fail(_ error: PluginError) {
        WireJSON.failure(error).withBorrowedBytes { reply(context, 1, $0, kinodock_bytes()) }
    }
}
