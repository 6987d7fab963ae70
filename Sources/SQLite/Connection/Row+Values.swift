internal import CSQLite
package import FoundationEssentials

extension Row {
    /// Text; bytes that are not UTF-8 are replaced by U+FFFD.
    package func string(_ column: Int) throws(SQLiteError) -> String {
        if let value = try optionalString(column) { return value }
        throw mismatch(column, found: SQLITE_NULL, wanted: "String")
    }

    /// Text; bytes that are not UTF-8 are replaced by U+FFFD.
    package func string(_ name: String) throws(SQLiteError) -> String { try string(index(of: name)) }

    /// A whole number.
    package func int64(_ column: Int) throws(SQLiteError) -> Int64 {
        if let value = try optionalInt64(column) { return value }
        throw mismatch(column, found: SQLITE_NULL, wanted: "Int64")
    }

    /// A whole number.
    package func int64(_ name: String) throws(SQLiteError) -> Int64 { try int64(index(of: name)) }

    /// A whole number.
    package func int(_ column: Int) throws(SQLiteError) -> Int {
        if let value = try optionalInt(column) { return value }
        throw mismatch(column, found: SQLITE_NULL, wanted: "Int")
    }

    /// A whole number.
    package func int(_ name: String) throws(SQLiteError) -> Int { try int(index(of: name)) }

    /// A number, whole or not.
    package func double(_ column: Int) throws(SQLiteError) -> Double {
        if let value = try optionalDouble(column) { return value }
        throw mismatch(column, found: SQLITE_NULL, wanted: "Double")
    }

    /// A number, whole or not.
    package func double(_ name: String) throws(SQLiteError) -> Double { try double(index(of: name)) }

    /// A truth value: a whole number, of which 0 is false.
    package func bool(_ column: Int) throws(SQLiteError) -> Bool {
        if let value = try optionalBool(column) { return value }
        throw mismatch(column, found: SQLITE_NULL, wanted: "Bool")
    }

    /// A truth value: a whole number, of which 0 is false.
    package func bool(_ name: String) throws(SQLiteError) -> Bool { try bool(index(of: name)) }

    /// Bytes; text gives its UTF-8 bytes.
    package func data(_ column: Int) throws(SQLiteError) -> Data {
        if let value = try optionalData(column) { return value }
        throw mismatch(column, found: SQLITE_NULL, wanted: "Data")
    }

    /// Bytes; text gives its UTF-8 bytes.
    package func data(_ name: String) throws(SQLiteError) -> Data { try data(index(of: name)) }
}
