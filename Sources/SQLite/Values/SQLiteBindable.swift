package import FoundationEssentials

/// Something that can stand for a `?` in SQL.
///
/// An enum with raw values needs only to name the protocol: `enum State: String, SQLiteBindable`.
package protocol SQLiteBindable {
    /// The value as SQLite stores it.
    var sqliteValue: SQLiteValue { get }
}

extension SQLiteValue: SQLiteBindable {
    package var sqliteValue: SQLiteValue { self }
}

extension Int: SQLiteBindable {
    package var sqliteValue: SQLiteValue { .integer(Int64(self)) }
}

extension Int64: SQLiteBindable {
    package var sqliteValue: SQLiteValue { .integer(self) }
}

extension Double: SQLiteBindable {
    /// SQLite has no "not a number": it stores it as NULL.
    package var sqliteValue: SQLiteValue { .real(self) }
}

extension Bool: SQLiteBindable {
    /// SQLite has no truth values: 1 or 0.
    package var sqliteValue: SQLiteValue { .integer(self ? 1 : 0) }
}

extension String: SQLiteBindable {
    package var sqliteValue: SQLiteValue { .text(self) }
}

extension Data: SQLiteBindable {
    package var sqliteValue: SQLiteValue { .blob(self) }
}

extension Optional: SQLiteBindable where Wrapped: SQLiteBindable {
    package var sqliteValue: SQLiteValue { self?.sqliteValue ?? .null }
}

extension RawRepresentable where Self: SQLiteBindable, RawValue: SQLiteBindable {
    package var sqliteValue: SQLiteValue { rawValue.sqliteValue }
}
