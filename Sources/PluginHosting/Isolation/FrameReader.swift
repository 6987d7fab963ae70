import FoundationEssentials
import Glibc

/// Takes frames out of a stream of bytes that may be cut anywhere, and may be anything.
package struct FrameReader: ~Copyable {
    /// What keeps a stream from being read on.
    package enum Fault: Error {
        /// The bytes are no frame.
        case notAFrame
        /// The system says that the socket cannot be read.
        case unreadable(Int32)
    }

    /// What came of reading once.
    package enum Outcome {
        case received
        /// There is nothing at the moment.
        case nothing
        /// The other end has closed.
        case ended
    }

    private let socket: Int32
    private var buffer: UnsafeMutableRawBufferPointer
    /// Bytes of the buffer that hold something.
    private var filled = 0

    /// Room for many small frames at once.
    private static let usualSize = 64 << 10

    /// A reader of `socket`, which stays the caller's to close.
    package init(_ socket: Int32) {
        self.socket = socket
        buffer = .allocate(byteCount: Self.usualSize, alignment: 8)
    }

    deinit {
        buffer.deallocate()
    }

    /// Reads once, and gives every frame that is complete now to `take`.
    ///
    /// It waits for something to come unless the socket does not wait.
    package mutating func receive(_ take: (Frame) -> Void) throws(Fault) -> Outcome {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = recv(socket, room.baseAddress, room.count, 0)
        guard count > 0 else {
            if count == 0 { return .ended }
            if errno == EAGAIN || errno == EINTR { return .nothing }
            // A process that was killed leaves a reset connection.
            if errno == ECONNRESET { return .ended }
            throw .unreadable(errno)
        }
        filled += count
        try takeFrames(take)
        return .received
    }

    private mutating func takeFrames(_ take: (Frame) -> Void) throws(Fault) {
        var start = 0
        while filled - start >= FrameHead.size {
            guard let head = FrameHead(UnsafeRawBufferPointer(rebasing: buffer[start..<filled])) else {
                throw .notAFrame
            }
            let end = start + FrameHead.size + head.bodyCount
            guard end <= filled else { break }
            let body = UnsafeRawBufferPointer(rebasing: buffer[start + FrameHead.size..<end])
            take(Self.frame(head, body))
            start = end
        }
        makeRoom(from: start)
    }

    /// Moves what is left to the beginning, and grows as far as bytes have really come: a head may lie.
    private mutating func makeRoom(from start: Int) {
        let rest = filled - start
        if start > 0, rest > 0 { buffer.baseAddress?.copyMemory(from: buffer.baseAddress! + start, byteCount: rest) }
        filled = rest
        let wanted = rest == buffer.count ? buffer.count * 2 : rest == 0 ? Self.usualSize : buffer.count
        guard wanted != buffer.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 8)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<rest]))
        buffer.deallocate()
        buffer = larger
    }

    private static func frame(_ head: FrameHead, _ body: UnsafeRawBufferPointer) -> Frame {
        var frame = Frame(head.kind, instance: head.instance, call: head.call)
        frame.deadline = head.deadline
        frame.status = head.status
        let json = body[head.methodCount..<head.methodCount + head.jsonCount]
        frame.method = String(decoding: body[..<head.methodCount], as: UTF8.self)
        frame.json = Data(UnsafeRawBufferPointer(rebasing: json))
        if let count = head.attachmentCount {
            frame.attachment = Data(UnsafeRawBufferPointer(rebasing: body[body.count - count..<body.count]))
        }
        return frame
    }
}
