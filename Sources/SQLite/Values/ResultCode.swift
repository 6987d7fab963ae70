internal import CSQLite

extension SQLiteError {
    /// An extended result code of SQLite; its low byte is the primary code.
    package struct ResultCode: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        /// The code without its refinement.
        package var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

        /// A mistake in SQL, or a failure without a code of its own.
        package static let error = ResultCode(rawValue: SQLITE_ERROR)
        /// Another connection holds the lock.
        package static let busy = ResultCode(rawValue: SQLITE_BUSY)
        /// A statement of the same connection holds the lock.
        package static let locked = ResultCode(rawValue: SQLITE_LOCKED)
        /// The connection may only read.
        package static let readOnly = ResultCode(rawValue: SQLITE_READONLY)
        /// The file is damaged.
        package static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)
        /// The disk is full.
        package static let full = ResultCode(rawValue: SQLITE_FULL)
        /// The file cannot be opened.
        package static let cannotOpen = ResultCode(rawValue: SQLITE_CANTOPEN)
        /// A constraint of the schema was violated.
        package static let constraint = ResultCode(rawValue: SQLITE_CONSTRAINT)
        /// A column or a value has another type than the one asked for.
        package static let mismatch = ResultCode(rawValue: SQLITE_MISMATCH)
        /// The caller used the connection against its rules.
        package static let misuse = ResultCode(rawValue: SQLITE_MISUSE)
        /// There is no such parameter or column.
        package static let range = ResultCode(rawValue: SQLITE_RANGE)
        /// The file is not an SQLite database.
        package static let notADatabase = ResultCode(rawValue: SQLITE_NOTADB)
        /// A unique constraint was violated (SQLITE_CONSTRAINT_UNIQUE).
        package static let constraintUnique = ResultCode(rawValue: 2067)
        /// A primary key is taken (SQLITE_CONSTRAINT_PRIMARYKEY).
        package static let constraintPrimaryKey = ResultCode(rawValue: 1555)
        /// A foreign key leads nowhere (SQLITE_CONSTRAINT_FOREIGNKEY).
        package static let constraintForeignKey = ResultCode(rawValue: 787)
    }
}

extension SQLiteError.ResultCode: CustomStringConvertible {
    /// SQLite's own words for the code.
    package var description: String { sqlite3_errstr(rawValue).map { String(cString: $0) } ?? "unknown error" }
}
