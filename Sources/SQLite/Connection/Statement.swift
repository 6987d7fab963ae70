internal import CSQLite
internal import FoundationEssentials

/// A prepared statement; its connection outlives it.
final class Statement {
    let sql: String
    let handle: OpaquePointer
    /// Names of the result columns, read once because SQLite keeps them in a form that is slow to compare.
    ///
    /// Read again if the schema changed under the statement: then their number changes (`SELECT *`).
    private(set) var columnNames: [String] = []
    /// Where the next column is looked for first: rows are mostly read from left to right.
    private var expectedColumn = 0
    private let database: OpaquePointer

    /// Prepares `sql`, which must be exactly one statement.
    init(_ sql: String, on database: OpaquePointer) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let (code, restIsEmpty) = Self.prepare(sql, on: database, into: &prepared)
        guard code == SQLITE_OK else { throw SQLiteError(code, on: database, sql: sql) }
        guard let prepared else { throw SQLiteError(.misuse, "there is no statement in this text", sql: sql) }
        guard restIsEmpty else {
            sqlite3_finalize(prepared)
            throw SQLiteError(.misuse, "more than one statement: use executeScript", sql: sql)
        }
        self.sql = sql
        self.handle = prepared
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    private static func prepare(
        _ sql: String,
        on database: OpaquePointer,
        into prepared: inout OpaquePointer?
    ) -> (code: Int32, restIsEmpty: Bool) {
        var sql = sql
        return sql.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { text in
                var rest: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    database,
                    text.baseAddress,
                    Int32(clamping: text.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT),
                    &prepared,
                    &rest
                )
                guard let start = text.baseAddress, let rest else { return (code, true) }
                return (code, text[(rest - start)...].allSatisfy { [0x20, 0x09, 0x0A, 0x0D, 0x3B].contains($0) })
            }
        }
    }

    /// Gives each `?` its value, in order.
    func bind(_ bindings: [any SQLiteBindable]) throws(SQLiteError) {
        let wanted = Int(sqlite3_bind_parameter_count(handle))
        guard wanted == bindings.count else {
            throw SQLiteError(.range, "\(wanted) values are needed, \(bindings.count) were given", sql: sql)
        }
        for (offset, binding) in bindings.enumerated() {
            let code = bind(binding.sqliteValue, at: Int32(offset + 1))
            guard code == SQLITE_OK else { throw SQLiteError(code, on: database, sql: sql) }
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .text(let text): bind(text, at: index)
        case .blob(let data): bind(data, at: index)
        }
    }

    private func bind(_ text: String, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                // An empty string may have no address, which SQLite would take for NULL.
                guard let start = bytes.baseAddress else { return sqlite3_bind_text(handle, index, "", 0, nil) }
                let count = UInt64(bytes.count)
                return sqlite3_bind_text64(
                    handle,
                    index,
                    start,
                    count,
                    kinodock_sqlite_transient(),
                    UInt8(SQLITE_UTF8)
                )
            }
        }
    }

    private func bind(_ data: Data, at index: Int32) -> Int32 {
        data.withUnsafeBytes { bytes in
            // As above: no address means NULL to SQLite.
            guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            return sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), kinodock_sqlite_transient())
        }
    }

    /// Moves to the next row; `false` when there are no more.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let valuesAreBound = sqlite3_bind_parameter_count(handle) > 0
            throw SQLiteError(code, on: database, sql: sql, valuesAreBound: valuesAreBound)
        }
    }

    /// Makes the statement ready for the next use and lets go of the values.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// The position of a result column.
    func column(named name: String) -> Int? {
        let count = Int(sqlite3_column_count(handle))
        if columnNames.count != count { readColumnNames(count) }
        if expectedColumn < count, columnNames[expectedColumn] == name { return advance(past: expectedColumn) }
        return columnNames.firstIndex(of: name).map(advance)
    }

    private func advance(past column: Int) -> Int {
        expectedColumn = column + 1
        return column
    }

    private func readColumnNames(_ count: Int) {
        columnNames = (0..<count).map { index in
            sqlite3_column_name(handle, Int32(index)).map { String(cString: $0) } ?? ""
        }
    }
}
