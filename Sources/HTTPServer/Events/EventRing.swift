/// The last events in the form in which they are sent, with a count of all bytes that ever passed.
struct EventRing {
    private struct Entry {
        let bytes: [UInt8]
        /// The number of bytes published before this event.
        let start: UInt64
    }

    private var entries: [Entry] = []
    private var head = 0
    private let capacity: Int
    private let byteCapacity: UInt64
    /// The id of the oldest event that is still here.
    private(set) var firstID: UInt64
    /// The bytes published so far.
    private(set) var total: UInt64 = 0

    /// An empty ring whose next event gets `firstID`; it holds at most `capacity` events and `byteCapacity` bytes.
    init(firstID: UInt64, capacity: Int, byteCapacity: Int) {
        self.firstID = firstID
        self.capacity = max(1, capacity)
        self.byteCapacity = UInt64(max(1, byteCapacity))
    }

    /// The number of events held.
    var count: Int { entries.count - head }

    /// The id that the next event will get.
    var nextID: UInt64 { firstID + UInt64(count) }

    /// Adds an event; the oldest ones make room.
    mutating func append(_ bytes: [UInt8]) {
        entries.append(Entry(bytes: bytes, start: total))
        total += UInt64(bytes.count)
        while count > capacity || (count > 1 && total - entries[head].start > byteCapacity) { dropFirst() }
    }

    /// The bytes of an event; `nil` when it is no longer, or not yet, here.
    subscript(id: UInt64) -> [UInt8]? {
        id >= firstID && id < nextID ? entries[head + Int(id - firstID)].bytes : nil
    }

    /// The bytes from the start of event `id` to the newest; all held bytes and more when it is gone.
    func backlog(from id: UInt64) -> UInt64 {
        if id >= nextID { return 0 }
        return total - (id < firstID ? entries[head].start : entries[head + Int(id - firstID)].start)
    }

    private mutating func dropFirst() {
        entries[head] = Entry(bytes: [], start: 0)
        head += 1
        firstID += 1
        // Moving the rest once per lap keeps each append at constant cost on average.
        if head >= 1_024, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
    }
}
