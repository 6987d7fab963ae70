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
    /// The most room that is made for what a head promises, and that is kept when it is not needed any more.
    private static let largestKept = 4 << 20
    /// Nanoseconds in which the next frame often comes, so that going to sleep would only cost time.
    private static let shortWhile: UInt64 = 50_000

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
    ///
    /// - Parameter isAwake: looks for a short while before it waits, which is quicker when calls come in a row.
    package mutating func receive(isAwake: Bool = false, _ take: (Frame) -> Void) throws(Fault) -> Outcome {
        let count = isAwake ? look() ?? read(0) : read(0)
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

    private func read(_ flags: Int32) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return recv(socket, room.baseAddress, room.count, flags)
    }

    /// Reads as soon as something is there; `nil` when nothing comes for a short while.
    private func look() -> Int? {
        let end = MonotonicTime.now + Self.shortWhile
        while true {
            let count = read(Int32(MSG_DONTWAIT))
            if count >= 0 || errno != EAGAIN { return count }
            guard MonotonicTime.now < end else { return nil }
            // Whoever needs the processor has it meanwhile, perhaps the one that is waited for.
            sched_yield()
        }
    }

    private mutating func takeFrames(_ take: (Frame) -> Void) throws(Fault) {
        var start = 0
        var wanted = 0
        while filled - start >= FrameHead.size {
            guard let head = FrameHead(UnsafeRawBufferPointer(rebasing: buffer[start..<filled])) else {
                throw .notAFrame
            }
            let end = start + FrameHead.size + head.bodyCount
            guard end <= filled else {
                wanted = end - start
                break
            }
            let body = UnsafeRawBufferPointer(rebasing: buffer[start + FrameHead.size..<end])
            take(Self.frame(head, body))
            start = end
        }
        makeRoom(from: start, for: wanted)
    }

    /// Moves what is left to the beginning.
    ///
    /// - Parameter wanted: how large the frame claims to be that has begun. A head may lie: beyond some size, room grows
    ///   only as far as bytes have really come.
    private mutating func makeRoom(from start: Int, for wanted: Int) {
        let rest = filled - start
        if start > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<filled])) }
        filled = rest
        var size = max(buffer.count, min(wanted, Self.largestKept))
        if rest == size { size *= 2 }
        if rest == 0, size > Self.largestKept { size = Self.usualSize }
        guard size != buffer.count else { return }
        let other = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        other.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<rest]))
        buffer.deallocate()
        buffer = other
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
