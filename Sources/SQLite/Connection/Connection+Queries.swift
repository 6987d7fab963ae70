internal import CSQLite

extension Connection {
    /// Runs one statement to its end; rows that it gives are dropped.
    package func execute(_ sql: String, _ bindings: any SQLiteBindable...) throws(SQLiteError) {
        try execute(sql, bindings: bindings)
    }

    /// Runs one statement to its end; rows that it gives are dropped.
    package func execute(_ sql: String, bindings: [any SQLiteBindable]) throws(SQLiteError) {
        let statement = try takeStatement(sql)
        defer { giveBack(statement) }
        try statement.bind(bindings)
        while try statement.step() {}
    }

    /// Runs many statements without values, and stops at the first that fails.
    package func executeScript(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, on: handle, sql: sql) }
    }

    /// All rows of a statement, each turned into a value.
    package func query<T>(
        _ sql: String,
        _ bindings: any SQLiteBindable...,
        map: (borrowing Row) throws -> T
    ) throws -> [T] {
        try query(sql, bindings: bindings, map: map)
    }

    /// All rows of a statement, each turned into a value.
    package func query<T>(
        _ sql: String,
        bindings: [any SQLiteBindable],
        map: (borrowing Row) throws -> T
    ) throws -> [T] {
        var result: [T] = []
        try forEach(sql, bindings: bindings) { row in result.append(try map(row)) }
        return result
    }

    /// The first row turned into a value; `nil` if there is none.
    package func first<T>(
        _ sql: String,
        _ bindings: any SQLiteBindable...,
        map: (borrowing Row) throws -> T
    ) throws -> T? {
        try first(sql, bindings: bindings, map: map)
    }

    /// The first row turned into a value; `nil` if there is none.
    package func first<T>(
        _ sql: String,
        bindings: [any SQLiteBindable],
        map: (borrowing Row) throws -> T
    ) throws -> T? {
        let statement = try takeStatement(sql)
        defer { giveBack(statement) }
        try statement.bind(bindings)
        return try statement.step() ? try map(Row(statement)) : nil
    }

    /// Shows each row as it is found, so that a long result never is in memory at once.
    package func forEach(
        _ sql: String,
        _ bindings: any SQLiteBindable...,
        body: (borrowing Row) throws -> Void
    ) throws {
        try forEach(sql, bindings: bindings, body: body)
    }

    /// Shows each row as it is found, so that a long result never is in memory at once.
    package func forEach(
        _ sql: String,
        bindings: [any SQLiteBindable],
        body: (borrowing Row) throws -> Void
    ) throws {
        let statement = try takeStatement(sql)
        defer { giveBack(statement) }
        try statement.bind(bindings)
        let row = Row(statement)
        while try statement.step() { try body(row) }
    }
}
