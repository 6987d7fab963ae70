internal import CSQLite
package import FoundationEssentials

extension Row {
    /// Text; bytes that are not UTF-8 are replaced by U+FFFD; `nil` for NULL.
    package func optionalString(_ column: Int) throws(SQLiteError) -> String? {
        switch try type(of: column) {
        case SQLITE_TEXT: return readText(column)
        case SQLITE_NULL: return nil
        case let found: throw mismatch(column, found: found, wanted: "String")
        }
    }

    /// Text; bytes that are not UTF-8 are replaced by U+FFFD; `nil` for NULL.
    package func optionalString(_ name: String) throws(SQLiteError) -> String? { try optionalString(index(of: name)) }

    /// A whole number; `nil` for NULL.
    package func optionalInt64(_ column: Int) throws(SQLiteError) -> Int64? {
        switch try type(of: column) {
        case SQLITE_INTEGER: return sqlite3_column_int64(statement.handle, Int32(column))
        case SQLITE_NULL: return nil
        case let found: throw mismatch(column, found: found, wanted: "Int64")
        }
    }

    /// A whole number; `nil` for NULL.
    package func optionalInt64(_ name: String) throws(SQLiteError) -> Int64? { try optionalInt64(index(of: name)) }

    /// A whole number; `nil` for NULL.
    package func optionalInt(_ column: Int) throws(SQLiteError) -> Int? {
        try optionalInt64(column).map { Int($0) }
    }

    /// A whole number; `nil` for NULL.
    package func optionalInt(_ name: String) throws(SQLiteError) -> Int? { try optionalInt(index(of: name)) }

    /// A number, whole or not; `nil` for NULL.
    package func optionalDouble(_ column: Int) throws(SQLiteError) -> Double? {
        switch try type(of: column) {
        case SQLITE_FLOAT, SQLITE_INTEGER: return sqlite3_column_double(statement.handle, Int32(column))
        case SQLITE_NULL: return nil
        case let found: throw mismatch(column, found: found, wanted: "Double")
        }
    }

    /// A truth value: a whole number, of which 0 is false; `nil` for NULL.
    package func optionalBool(_ column: Int) throws(SQLiteError) -> Bool? {
        try optionalInt64(column).map { $0 != 0 }
    }

    /// Bytes; text gives its UTF-8 bytes; `nil` for NULL.
    package func optionalData(_ column: Int) throws(SQLiteError) -> Data? {
        switch try type(of: column) {
        case SQLITE_BLOB, SQLITE_TEXT: return readBytes(column) { Data($0) }
        case SQLITE_NULL: return nil
        case let found: throw mismatch(column, found: found, wanted: "Data")
        }
    }

    /// Bytes; text gives its UTF-8 bytes; `nil` for NULL.
    package func optionalData(_ name: String) throws(SQLiteError) -> Data? { try optionalData(index(of: name)) }
}
