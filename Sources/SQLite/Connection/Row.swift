internal import CSQLite
internal import FoundationEssentials

/// The row that a query stands on: a view, valid only inside the closure that got it.
///
/// Columns go by name or by position from 0. Reading a column as a type that it does not hold, a NULL as a value, or a
/// column that is not there throws an `SQLiteError` that names the column. The first column of a name counts.
package struct Row: ~Copyable {
    let statement: Statement

    init(_ statement: Statement) { self.statement = statement }

    /// How many columns the row has.
    package var columnCount: Int { Int(sqlite3_data_count(statement.handle)) }

    /// The name of a column, as the statement gives it.
    package func columnName(_ column: Int) -> String {
        sqlite3_column_name(statement.handle, Int32(clamping: column)).map { String(cString: $0) } ?? "column \(column)"
    }

    /// The position of a column.
    package func index(of name: String) throws(SQLiteError) -> Int {
        guard let index = statement.column(named: name) else {
            throw SQLiteError(.range, "no column “\(name)” in the result", sql: statement.sql)
        }
        return index
    }

    /// Whether a column is NULL.
    package func isNull(_ column: Int) throws(SQLiteError) -> Bool { try type(of: column) == SQLITE_NULL }

    /// A column as it is.
    package func value(_ column: Int) throws(SQLiteError) -> SQLiteValue {
        switch try type(of: column) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement.handle, Int32(column)))
        case SQLITE_FLOAT: .real(sqlite3_column_double(statement.handle, Int32(column)))
        case SQLITE_TEXT: .text(readText(column))
        case SQLITE_BLOB: .blob(readBytes(column) { Data($0) })
        default: .null
        }
    }

    /// A column as it is.
    package func value(_ name: String) throws(SQLiteError) -> SQLiteValue { try value(index(of: name)) }
}

extension Row {
    /// The storage class of a value, one of SQLITE_INTEGER, FLOAT, TEXT, BLOB, NULL.
    func type(of column: Int) throws(SQLiteError) -> Int32 {
        guard column >= 0, column < columnCount else {
            throw SQLiteError(.range, "no column \(column): the result has \(columnCount)", sql: statement.sql)
        }
        return sqlite3_column_type(statement.handle, Int32(column))
    }

    func readText(_ column: Int) -> String {
        readBytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    func readBytes<T>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        // The pointer must be asked for before the length: SQLite's order for values that it may convert.
        let start = sqlite3_column_blob(statement.handle, Int32(column))
        let count = sqlite3_column_bytes(statement.handle, Int32(column))
        return try body(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    func mismatch(_ column: Int, found: Int32, wanted: String) -> SQLiteError {
        let held =
            switch found {
            case SQLITE_INTEGER: "an integer"
            case SQLITE_FLOAT: "a real number"
            case SQLITE_TEXT: "text"
            case SQLITE_BLOB: "bytes"
            default: "NULL"
            }
        let message = "column “\(columnName(column))” holds \(held), but \(wanted) was asked for"
        return SQLiteError(.mismatch, message, sql: statement.sql)
    }
}
