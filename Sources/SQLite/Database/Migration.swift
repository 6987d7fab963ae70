/// One step of the schema, applied once and never changed after its release.
package struct Migration: Sendable {
    /// Its place in the order, from 1; kept in the file as `user_version`.
    package let number: Int
    /// What it brings, for the record in the file and for errors.
    package let name: String
    let apply: @Sendable (Connection) throws -> Void

    /// A step in Swift, for data that SQL alone cannot convert.
    package init(number: Int, name: String, apply: @escaping @Sendable (Connection) throws -> Void) {
        self.number = number
        self.name = name
        self.apply = apply
    }

    /// A step in SQL, of any number of statements.
    package init(number: Int, name: String, sql: String) {
        self.init(number: number, name: name) { connection in try connection.executeScript(sql) }
    }
}
