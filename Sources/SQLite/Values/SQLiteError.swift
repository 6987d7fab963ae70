internal import CSQLite

/// Why SQLite refused or failed, with the statement at fault.
package struct SQLiteError: Error, Hashable, Sendable {
    /// What happened, as a number of SQLite (https://www.sqlite.org/rescode.html).
    package let resultCode: ResultCode
    /// What SQLite says about it.
    ///
    /// A failed full-text search may quote the words that were searched for.
    package let message: String
    /// The statement with its `?`, never with the values; `nil` if no statement was involved.
    package let sql: String?
    /// Whether the message can hold pieces of values: that of a function or of a search that failed over one.
    private let mayQuoteValues: Bool

    init(_ resultCode: ResultCode, _ message: String, sql: String? = nil, mayQuoteValues: Bool = false) {
        self.resultCode = resultCode
        self.message = message
        self.sql = sql
        self.mayQuoteValues = mayQuoteValues
    }

    /// The last error of a connection, if `code` is the one it recorded; else the words for `code`.
    ///
    /// - Parameter valuesAreBound: whether the statement ran with values, which the message of a general error quotes.
    init(_ code: Int32, on database: OpaquePointer?, sql: String? = nil, valuesAreBound: Bool = false) {
        let recorded = database.map { sqlite3_extended_errcode($0) } == code
        let text = recorded ? sqlite3_errmsg(database) : sqlite3_errstr(code)
        self.init(
            ResultCode(rawValue: code),
            text.map { String(cString: $0) } ?? "unknown error",
            sql: sql,
            mayQuoteValues: valuesAreBound && code & 0xFF == SQLITE_ERROR
        )
    }

    /// A row with this key or unique value is there already.
    package var isUnique: Bool { resultCode == .constraintUnique || resultCode == .constraintPrimaryKey }
    /// A row that this one refers to is not there, or is still referred to.
    package var isForeignKey: Bool { resultCode == .constraintForeignKey }
    /// Another process kept the database locked for longer than the busy timeout.
    package var isBusy: Bool { resultCode.primary == .busy || resultCode.primary == .locked }
    /// The file is damaged or is not a database.
    package var isCorrupt: Bool { resultCode.primary == .corrupt || resultCode.primary == .notADatabase }
    /// The disk is full.
    package var isFull: Bool { resultCode.primary == .full }
}

extension SQLiteError: CustomStringConvertible {
    /// Words for a log, without any bound value and with the start of a long statement only.
    package var description: String {
        let words = mayQuoteValues ? resultCode.description : message
        guard let sql else { return "\(words) (SQLite code \(resultCode.rawValue))" }
        let start = sql.count > 300 ? sql.prefix(300) + "…" : sql[...]
        return "\(words) (SQLite code \(resultCode.rawValue), in: \(start))"
    }
}
