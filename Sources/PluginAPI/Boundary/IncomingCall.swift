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
    private let context: UnsafeMutableRawPointer?
    private let reply: kinodock_reply

    /// Copies `call`; `nil` when it is shorter than the first version of the struct or has nowhere to reply to.
    package init?(_ call: UnsafePointer<kinodock_call>) {
        guard call.pointee.size >= UInt32(MemoryLayout<kinodock_call>.size), let reply = call.pointee.reply else {
            return nil
        }
        id = call.pointee.id
        method = call.pointee.method.text
        json = call.pointee.json.copy
        attachment = call.pointee.attachment.count == 0 ? nil : call.pointee.attachment.copy
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
