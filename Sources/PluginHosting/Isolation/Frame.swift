package import FoundationEssentials

/// A message between the server and a runner.
///
/// Both ends come from the same build, so the form may change at any time. It is a head of 40 bytes in the machine's
/// byte order (kind, instance, call, deadline, status, and the lengths of what follows: method, JSON, attachment), and
/// then these three. An attachment that is absent has the length `UInt32.max`.
package struct Frame: Sendable {
    /// What a frame is about.
    package enum Kind: UInt32, Sendable {
        // From the server.
        /// Makes the instance; JSON: its settings. Answered by `reply`.
        case create = 1
        /// Calls a method of the instance. Answered by `reply`.
        case invoke
        /// Asks to give up the call; its `reply` still comes.
        case cancel
        /// Ends the instance. Answered by `reply`.
        case destroy
        /// Changes stored settings, without an instance; JSON: the settings, method: the version that they fit. Answered
        /// by `reply`.
        case migrate
        /// Answers a `hostCall`.
        case hostReply

        // From the runner.
        /// The first frame: the plugin can be used; JSON: `RunnerHello`.
        case hello
        /// The first frame: the plugin cannot be used; JSON: `RunnerRefusal`.
        case refused
        /// Answers a call.
        case reply
        /// A line for the log; JSON: `RunnerLogLine`.
        case log
        /// Calls a service of the host. Answered by `hostReply`.
        case hostCall
        /// Asks to give up a `hostCall`; its `hostReply` still comes.
        case hostCancel
    }

    /// What it is about, and so which of the others mean something.
    package var kind: Kind
    /// The number of the instance; chosen by the server.
    package var instance: UInt32 = 0
    /// The number of the call; chosen by whoever makes it.
    package var call: UInt64 = 0
    /// Milliseconds that the caller waits.
    package var deadline: UInt64 = 0
    /// Of a reply: 0 for success.
    package var status: Int32 = 0
    /// A wire name.
    package var method = ""
    /// A JSON object, or empty.
    package var json = Data()
    /// Raw bytes beside the JSON.
    package var attachment: Data?

    /// A frame without content.
    package init(_ kind: Kind, instance: UInt32 = 0, call: UInt64 = 0) {
        self.kind = kind
        self.instance = instance
        self.call = call
    }
}

/// The head of a frame.
struct FrameHead {
    static let size = 40
    /// The longest name of a method in bytes.
    static let longestMethod = 1024
    /// The largest JSON and the largest attachment in bytes.
    static let largestPart = 256 << 20

    let kind: Frame.Kind
    let instance: UInt32
    let call: UInt64
    let deadline: UInt64
    let status: Int32
    let methodCount: Int
    let jsonCount: Int
    /// `nil` when there is no attachment.
    let attachmentCount: Int?

    var bodyCount: Int { methodCount + jsonCount + (attachmentCount ?? 0) }

    /// Reads a head; `nil` when it is none.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size, let kind = Frame.Kind(rawValue: bytes.loadUnaligned(as: UInt32.self)) else {
            return nil
        }
        self.kind = kind
        instance = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        call = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        deadline = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        status = bytes.loadUnaligned(fromByteOffset: 24, as: Int32.self)
        methodCount = Int(bytes.loadUnaligned(fromByteOffset: 28, as: UInt32.self))
        jsonCount = Int(bytes.loadUnaligned(fromByteOffset: 32, as: UInt32.self))
        let attachment = bytes.loadUnaligned(fromByteOffset: 36, as: UInt32.self)
        attachmentCount = attachment == .max ? nil : Int(attachment)
        guard methodCount <= Self.longestMethod, jsonCount <= Self.largestPart,
            attachmentCount ?? 0 <= Self.largestPart
        else { return nil }
    }

    /// The head and the method of `frame`; `nil` when a part is too large.
    static func bytes(of frame: Frame) -> [UInt8]? {
        let method = frame.method.utf8
        guard method.count <= longestMethod, frame.json.count <= largestPart,
            frame.attachment?.count ?? 0 <= largestPart
        else { return nil }
        return [UInt8](unsafeUninitializedCapacity: size + method.count) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: frame.kind.rawValue, as: UInt32.self)
            raw.storeBytes(of: frame.instance, toByteOffset: 4, as: UInt32.self)
            raw.storeBytes(of: frame.call, toByteOffset: 8, as: UInt64.self)
            raw.storeBytes(of: frame.deadline, toByteOffset: 16, as: UInt64.self)
            raw.storeBytes(of: frame.status, toByteOffset: 24, as: Int32.self)
            raw.storeBytes(of: UInt32(method.count), toByteOffset: 28, as: UInt32.self)
            raw.storeBytes(of: UInt32(frame.json.count), toByteOffset: 32, as: UInt32.self)
            let attachment = frame.attachment.map { UInt32($0.count) } ?? .max
            raw.storeBytes(of: attachment, toByteOffset: 36, as: UInt32.self)
            UnsafeMutableRawBufferPointer(rebasing: raw[size...]).copyBytes(from: method)
            count = size + method.count
        }
    }
}
