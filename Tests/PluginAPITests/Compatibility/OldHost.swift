import CKinodockPlugin
import FoundationEssentials
import Glibc
import Synchronization

@testable import PluginAPI

/// A server of version 1.0 as a plugin sees it: its tables end where they ended then, and after them comes memory that
/// nobody may read.
///
/// The offsets are those of the header of 1.0 and are written down here, so that a longer struct of today changes
/// nothing.
final class OldHost: Sendable {
    /// A call of the plugin, or a line of its log as the method "log" with its fields as parameters.
    struct Received {
        let method: String
        let json: Data
        let attachment: Data?
    }

    /// What a plugin replied to a call.
    struct Reply {
        let status: Int32
        let json: Data
    }

    private let answer: @Sendable (Received) -> (json: Data, attachment: Data?)
    private let calls = Mutex<[Received]>([])
    private let replies = AsyncStream.makeStream(of: Reply.self)

    init(answering answer: @escaping @Sendable (Received) -> (json: Data, attachment: Data?)) {
        self.answer = answer
    }

    var received: [Received] { calls.withLock { $0 } }

    /// The table of 40 bytes.
    ///
    /// It and this object are kept for ever, as a plugin may use it at any time.
    func makeTable() -> UnsafePointer<kinodock_host> {
        let table = Self.lastBytes(40)
        table.storeBytes(of: 40, as: UInt32.self)
        table.storeBytes(of: 1, toByteOffset: 4, as: UInt16.self)
        table.storeBytes(of: 0, toByteOffset: 6, as: UInt16.self)
        table.storeBytes(of: Unmanaged.passRetained(self).toOpaque(), toByteOffset: 8, as: UnsafeMutableRawPointer.self)
        let log: @convention(c) (UnsafeMutableRawPointer?, Int32, kinodock_bytes, kinodock_bytes) -> Void = {
            OldHost.of($0)?.keep(Received(method: "log", json: $3.copy, attachment: $2.copy))
        }
        table.storeBytes(of: log, toByteOffset: 16, as: type(of: log))
        let invoke: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<kinodock_call>?) -> Void = {
            OldHost.of($0)?.serve($1)
        }
        table.storeBytes(of: invoke, toByteOffset: 24, as: type(of: invoke))
        let cancel: @convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void = { _, _ in }
        table.storeBytes(of: cancel, toByteOffset: 32, as: type(of: cancel))
        return UnsafePointer(table.assumingMemoryBound(to: kinodock_host.self))
    }

    /// Lends a call of 88 bytes to `body`; what is replied comes from `reply()`.
    func call<Result>(_ method: String, _ json: Data, _ body: (UnsafePointer<kinodock_call>) -> Result) -> Result {
        method.withBorrowedBytes { method in
            json.withBorrowedBytes { json in
                let call = Self.lastBytes(88)
                call.storeBytes(of: 88, as: UInt32.self)
                call.storeBytes(of: 7, toByteOffset: 8, as: UInt64.self)
                call.storeBytes(of: 5000, toByteOffset: 16, as: UInt64.self)
                call.storeBytes(of: method, toByteOffset: 24, as: kinodock_bytes.self)
                call.storeBytes(of: json, toByteOffset: 40, as: kinodock_bytes.self)
                let context = Unmanaged.passRetained(self).toOpaque()
                call.storeBytes(of: context, toByteOffset: 72, as: UnsafeMutableRawPointer.self)
                let reply: kinodock_reply = { context, status, json, _ in
                    OldHost.of(context)?.replies.continuation.yield(Reply(status: status, json: json.copy))
                }
                call.storeBytes(of: reply, toByteOffset: 80, as: kinodock_reply.self)
                return body(UnsafePointer(call.assumingMemoryBound(to: kinodock_call.self)))
            }
        }
    }

    /// The next reply of the plugin.
    func reply() async -> Reply? {
        for await reply in replies.stream { return reply }
        return nil
    }

    private func keep(_ call: Received) {
        calls.withLock { $0.append(call) }
    }

    private func serve(_ call: UnsafePointer<kinodock_call>?) {
        guard let call = call.flatMap({ IncomingCall($0, from: "The plugin") }) else { return }
        let received = Received(method: call.method, json: call.json, attachment: call.attachment)
        keep(received)
        let result = answer(received)
        call.succeed(json: result.json, attachment: result.attachment)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> OldHost? {
        context.map { Unmanaged<OldHost>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Zeroed memory at the end of a page, before one that may not be touched.
    ///
    /// It is never given back.
    private static func lastBytes(_ count: Int) -> UnsafeMutableRawPointer {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let pages = mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages, pages != MAP_FAILED, mprotect(pages + page, page, PROT_NONE) == 0 else {
            preconditionFailure("There is no memory for two pages.")
        }
        return pages + page - count
    }
}
