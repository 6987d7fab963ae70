internal import Glibc

/// One client's place in the ring.
///
/// `@unchecked Sendable`: every mutable field is read and written under the broadcaster's lock. The connection is
/// resumed only while it waits, when the library cannot free it, and the socket is shut down only until `close`, before
/// which it cannot be another's.
final class EventSubscriber: ResponseReader, Endable, @unchecked Sendable {
    let connection: OpaquePointer
    let isStream = true
    let owner: String?
    /// The id of the next event to send.
    var cursor: UInt64
    /// The bytes of that event that were sent.
    var offset = 0
    /// What is sent before it.
    var prefix: [UInt8]
    var isWaiting = false
    var needsBeat = false
    var isOver = false
    /// The connection's socket, -1 until the first byte is asked for.
    var socket: Int32 = -1
    private let broadcaster: EventBroadcaster
    private let core: ServerCore

    init(
        _ broadcaster: EventBroadcaster,
        _ connection: OpaquePointer,
        _ core: ServerCore,
        at cursor: UInt64,
        owner: String?,
        preamble: [UInt8]
    ) {
        self.owner = owner
        self.broadcaster = broadcaster
        self.connection = connection
        self.core = core
        self.cursor = cursor
        prefix = preamble
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: UInt64) -> Int {
        broadcaster.fill(self, buffer)
    }

    func close() {
        broadcaster.unsubscribe(self)
        core.closed(self)
    }

    /// Gives pages back to the kernel that the stream will not write to.
    ///
    /// The library clears its whole read buffer after a request, which makes every page of it resident, and that would
    /// be most of what a subscriber costs. The buffer is the callback's to overwrite, and a page given back reads as
    /// zeros.
    func release(_ unused: Slice<UnsafeMutableRawBufferPointer>) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        guard page > 0, let base = UnsafeMutableRawBufferPointer(rebasing: unused).baseAddress else { return }
        let start = (Int(bitPattern: base) + page - 1) / page * page
        let end = (Int(bitPattern: base) + unused.count) / page * page
        if start < end { madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, MADV_DONTNEED) }
    }

    func end() {
        broadcaster.end(self)
    }
}
