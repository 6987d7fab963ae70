internal import CMicroHTTPD
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// Server-sent events (WHATWG HTML, section 9.2) to any number of subscribers, with ids and replay.
///
/// Events are kept once, in a ring; a subscriber is a place in it. One that has read everything is set aside until the
/// next event. One that falls more than the backlog limit behind is disconnected; it comes back with Last-Event-ID and
/// reads on from the ring. A client whose last event is no longer in the ring first gets `event: resync`, and should
/// fetch the state anew.
package final class EventBroadcaster: Sendable {
    private struct State {
        var ring: EventRing
        var subscribers: [ObjectIdentifier: EventSubscriber] = [:]
        var waiting: [EventSubscriber] = []
        var checkedAt: UInt64 = 0
        var heart: Task<Void, Never>?
    }

    private let state: Mutex<State>
    private let backlogLimit: UInt64
    private let heartbeat: Duration

    /// Creates a source of events.
    ///
    /// The first event gets `firstID`, so that ids go on over a restart. The ring holds `capacity` events and no more
    /// bytes than eight times the backlog limit.
    package init(
        firstID: UInt64,
        capacity: Int = 10_000,
        backlogLimit: Int = 1 << 20,
        heartbeat: Duration = .seconds(15)
    ) {
        self.backlogLimit = UInt64(max(1, backlogLimit))
        self.heartbeat = heartbeat
        state = Mutex(
            State(ring: EventRing(firstID: max(1, firstID), capacity: capacity, byteCapacity: max(1, backlogLimit) * 8))
        )
    }

    deinit {
        state.withLock { $0.heart?.cancel() }
    }

    /// Sends an event to everyone and returns its id.
    ///
    /// `data` is one line, usually JSON; a line break in it starts another data line.
    @discardableResult
    package func publish(event: String, data: [UInt8]) -> UInt64 {
        state.withLock { state in
            let id = state.ring.nextID
            state.ring.append(Self.frame(id: id, event: event, data: data))
            wake(&state)
            dropLaggards(&state)
            return id
        }
    }

    /// The id of the newest event, one less than the first id when there was none.
    package var lastID: UInt64 {
        state.withLock { $0.ring.nextID - 1 }
    }

    /// The number of clients that listen.
    package var subscriberCount: Int {
        state.withLock { $0.subscribers.count }
    }

    /// An event stream: what came after `lastEventID` and is still held, then everything new.
    ///
    /// - Parameter owner: whose stream it is, for `endStreams`.
    package func response(lastEventID: UInt64?, owner: String? = nil) -> HTTPResponse {
        HTTPResponse(
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no",
            ],
            body: .events(EventStreamBody(broadcaster: self, lastEventID: lastEventID, owner: owner))
        )
    }

    /// Ends the streams of owners that may not listen any more; streams without an owner stay.
    package func endStreams(unless mayListen: (_ owner: String) -> Bool) {
        let ended = state.withLock { state in
            state.subscribers.values.filter { subscriber in subscriber.owner.map { !mayListen($0) } ?? false }
        }
        ended.forEach(end)
    }

    /// An event stream for a client that says where it was in Last-Event-ID; a value that is no number counts as
    /// unknown.
    package func response(to request: HTTPRequest) -> HTTPResponse {
        response(lastEventID: request.headers["Last-Event-ID"].map { UInt64($0) ?? 0 })
    }

    /// Enters a subscriber.
    func subscribe(_ body: EventStreamBody, on connection: OpaquePointer, of core: ServerCore) -> EventSubscriber {
        let subscriber = state.withLock { state in
            let next = state.ring.nextID
            let subscriber = EventSubscriber(
                self,
                connection,
                core,
                at: next,
                owner: body.owner,
                preamble: Self.preamble
            )
            if let lastEventID = body.lastEventID {
                if lastEventID < next, lastEventID + 1 >= state.ring.firstID {
                    subscriber.cursor = lastEventID + 1
                } else {
                    subscriber.prefix += Self.resync(next - 1)
                }
            }
            state.subscribers[ObjectIdentifier(subscriber)] = subscriber
            if state.heart == nil { state.heart = beating() }
            return subscriber
        }
        core.open(subscriber)
        return subscriber
    }

    /// Fills a piece of a subscriber's stream, on its connection's thread.
    func fill(_ subscriber: EventSubscriber, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            if subscriber.isOver { return MHDResponse.end }
            if subscriber.socket < 0 {
                subscriber.socket = mhd_socket(subscriber.connection)
                subscriber.release(buffer.dropFirst(Self.mostAtOnce))
            }
            let count = copy(to: buffer, subscriber, state.ring)
            if count > 0 { return count }
            if subscriber.needsBeat { return beat(subscriber, buffer) }
            subscriber.isWaiting = true
            state.waiting.append(subscriber)
            MHD_suspend_connection(subscriber.connection)
            return 0
        }
    }

    /// Strikes a subscriber off; its connection is still open, so its socket is still its own.
    func unsubscribe(_ subscriber: EventSubscriber) {
        state.withLock { state in
            subscriber.isOver = true
            state.subscribers[ObjectIdentifier(subscriber)] = nil
            if state.subscribers.isEmpty {
                state.heart?.cancel()
                state.heart = nil
            }
        }
    }

    /// Ends a subscriber's stream.
    func end(_ subscriber: EventSubscriber) {
        state.withLock { state in
            subscriber.isOver = true
            guard subscriber.isWaiting else { return }
            subscriber.isWaiting = false
            state.waiting.removeAll { $0 === subscriber }
            MHD_resume_connection(subscriber.connection)
        }
    }

    private func copy(to buffer: UnsafeMutableRawBufferPointer, _ subscriber: EventSubscriber, _ ring: EventRing) -> Int
    {
        // The buffer is the connection's memory; touching little of it keeps a subscriber small.
        let space = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Self.mostAtOnce))
        var used = take(&subscriber.prefix, into: space)
        while used < space.count, subscriber.prefix.isEmpty {
            if subscriber.cursor < ring.firstID {
                subscriber.cursor = ring.nextID
                subscriber.offset = 0
                subscriber.prefix = Self.resync(ring.nextID - 1)
                used += take(&subscriber.prefix, into: UnsafeMutableRawBufferPointer(rebasing: space[used...]))
                continue
            }
            guard let event = ring[subscriber.cursor] else { break }
            let rest = event[subscriber.offset...].prefix(space.count - used)
            UnsafeMutableRawBufferPointer(rebasing: space[used...]).copyBytes(from: rest)
            used += rest.count
            subscriber.offset += rest.count
            if subscriber.offset == event.count {
                subscriber.cursor += 1
                subscriber.offset = 0
            }
        }
        if used > 0 { subscriber.needsBeat = false }
        return used
    }

    private func take(_ prefix: inout [UInt8], into space: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(prefix.count, space.count)
        guard count > 0 else { return 0 }
        space.copyBytes(from: prefix[..<count])
        prefix.removeFirst(count)
        return count
    }

    private func beat(_ subscriber: EventSubscriber, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        subscriber.needsBeat = false
        let beat: [UInt8] = [0x3A, 0x0A, 0x0A]
        guard buffer.count >= beat.count else { return MHDResponse.failure }
        buffer.copyBytes(from: beat)
        return beat.count
    }

    private func wake(_ state: inout State) {
        for subscriber in state.waiting {
            subscriber.isWaiting = false
            MHD_resume_connection(subscriber.connection)
        }
        state.waiting.removeAll(keepingCapacity: true)
    }

    /// Cuts off those that cannot keep up.
    ///
    /// Looking at everyone for each event would cost more than the events, so it is done once per sixteenth of the
    /// limit.
    private func dropLaggards(_ state: inout State) {
        guard state.ring.total - state.checkedAt >= max(1, backlogLimit / 16) else { return }
        state.checkedAt = state.ring.total
        for subscriber in state.subscribers.values where !subscriber.isWaiting && subscriber.socket >= 0 {
            let behind = state.ring.backlog(from: subscriber.cursor)
            guard behind > backlogLimit + UInt64(subscriber.offset) else { continue }
            subscriber.isOver = true
            // The library sees the hang-up and closes the connection on its own thread.
            shutdown(subscriber.socket, Int32(SHUT_RDWR))
        }
    }

    private func beating() -> Task<Void, Never> {
        Task { [weak self, heartbeat] in
            while (try? await Task.sleep(for: heartbeat)) != nil {
                guard let self else { return }
                state.withLock { state in
                    for subscriber in state.waiting { subscriber.needsBeat = true }
                    wake(&state)
                }
            }
        }
    }

    /// The most bytes that are written in one go, so that they share a page with what the connection keeps anyway.
    private static let mostAtOnce = 3_000

    private static let preamble = Array("retry: 3000\n\n".utf8)

    private static func resync(_ lastID: UInt64) -> [UInt8] {
        Array("id: \(lastID)\nevent: resync\ndata: {\"lastEventId\":\(lastID)}\n\n".utf8)
    }

    private static func frame(id: UInt64, event: String, data: [UInt8]) -> [UInt8] {
        var frame = Array("id: \(id)\nevent: \(event)\n".utf8)
        frame.reserveCapacity(frame.count + data.count + 8)
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            frame += "data: ".utf8
            frame += line
            frame.append(0x0A)
        }
        frame.append(0x0A)
        return frame
    }
}
