/// Prepared statements of one connection by their text, the least recently used going first.
///
/// A statement that runs is not in the cache, so the same text used inside its own loop gets a second one.
struct StatementCache {
    private struct Entry {
        let statement: Statement
        let lastUse: UInt64
    }

    /// How many statements are kept.
    let capacity: Int
    private var entries: [String: Entry] = [:]
    private var clock: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    func contains(_ sql: String) -> Bool { entries[sql] != nil }

    /// Removes the statement for `sql` from the cache and hands it over.
    mutating func take(_ sql: String) -> Statement? {
        entries.removeValue(forKey: sql)?.statement
    }

    /// Keeps a statement that was reset; an older one may go for it.
    mutating func put(_ statement: Statement) {
        clock += 1
        entries[statement.sql] = Entry(statement: statement, lastUse: clock)
        guard entries.count > capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return
        }
        entries.removeValue(forKey: oldest.key)
    }

    mutating func removeAll() { entries.removeAll() }
}
