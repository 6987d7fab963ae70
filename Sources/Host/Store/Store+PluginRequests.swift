import SQLite

/// What commands of another process ask a running server to do with plugins.
extension Store {
    /// Writes a request down, for the server to find when it is told to look.
    ///
    /// - Returns: its number, under which the answer is found.
    func add(_ request: PluginRequest) throws -> Int {
        try database.writeSync { connection in
            try connection.first(
                "INSERT INTO plugin_requests (verb, plugin, mode) VALUES (?, ?, ?) RETURNING number",
                request.verb.rawValue,
                request.plugin,
                request.mode?.rawValue
            ) { try $0.int("number") } ?? 0
        }
    }

    /// The requests that nobody has answered, the oldest first.
    func openPluginRequests() throws -> [(number: Int, request: PluginRequest)] {
        try database.read { connection in
            try connection.query("SELECT * FROM plugin_requests WHERE answer IS NULL ORDER BY number") { row in
                guard let verb = PluginRequest.Verb(rawValue: try row.string("verb")) else { return nil }
                let mode = try row.optionalString("mode").flatMap(IsolationSetting.init)
                let request = PluginRequest(verb: verb, plugin: try row.string("plugin"), mode: mode)
                return (try row.int("number"), request)
            }.compactMap { $0 }
        }
    }

    /// - Parameter answer: what went wrong, or nothing.
    func answer(pluginRequest number: Int, _ answer: String) async throws {
        try await database.write { connection in
            try connection.execute("UPDATE plugin_requests SET answer = ? WHERE number = ?", answer, number)
        }
    }

    /// Takes the answer of a request, and the request with it; `nil` while there is none.
    func takeAnswer(ofPluginRequest number: Int) throws -> String? {
        let answer = try database.read { connection in
            try connection.first("SELECT answer FROM plugin_requests WHERE number = ?", number) { row in
                try row.optionalString("answer")
            } ?? nil
        }
        if answer != nil { try removePluginRequest(number) }
        return answer
    }

    func removePluginRequest(_ number: Int) throws {
        try database.writeSync { try $0.execute("DELETE FROM plugin_requests WHERE number = ?", number) }
    }

    /// Drops what nobody waits for any more: requests to a server that has ended.
    func forgetPluginRequests() throws {
        try database.writeSync { try $0.execute("DELETE FROM plugin_requests") }
    }
}
