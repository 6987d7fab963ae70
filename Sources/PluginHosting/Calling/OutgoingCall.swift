import CKinodockPlugin
import FoundationEssentials
import PluginAPI

/// The message of a call to a plugin, kept until a thread lends it to the plugin.
struct OutgoingCall: Sendable {
    let method: String
    let json: Data
    var attachment: Data?
    let deadline: Duration

    /// Lends the call to `body` in the form of the C contract.
    ///
    /// Its context is its number.
    func withBorrowed<Result>(_ id: CallID, _ body: (UnsafePointer<kinodock_call>) -> Result) -> Result {
        method.withBorrowedBytes { method in
            json.withBorrowedBytes { json in
                (attachment ?? Data()).withBorrowedBytes { attachment in
                    var call = kinodock_call(
                        size: UInt32(MemoryLayout<kinodock_call>.size),
                        reserved: 0,
                        id: id.number,
                        deadline_ms: milliseconds,
                        method: method,
                        json: json,
                        attachment: attachment,
                        context: id.context,
                        reply: { InProcessTransport.reply($0, $1, $2, $3) }
                    )
                    return body(&call)
                }
            }
        }
    }

    /// At least 1: the contract's 0 means no limit.
    var milliseconds: UInt64 {
        let (seconds, attoseconds) = deadline.components
        return UInt64(max(1, min(seconds, 1 << 40) * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
