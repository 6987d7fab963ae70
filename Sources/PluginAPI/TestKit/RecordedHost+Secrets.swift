/// Checks that a plugin keeps its secrets to itself.
extension RecordedHost {
    /// The log lines and events in which one of `secrets` stands; a test expects none.
    ///
    ///     #expect(host.leaks(of: ["rig-password", "SID=abc"]).isEmpty)
    public func leaks(of secrets: [String]) -> [String] {
        let logged = lines.map { "\($0.level) \($0.message) \($0.fields)" }
        let emitted = events.map { "\($0.name) \($0.details)" }
        return (logged + emitted).filter { Self.holds($0, secrets) }
    }

    /// The URLs of requests in which one of `secrets` stands: addresses end in the logs of other machines.
    public func leaksInAddresses(of secrets: [String]) -> [String] {
        requests.map(\.url).filter { Self.holds($0, secrets) }
    }

    /// Whether one of `secrets` stands in the words of `error`.
    public static func leaks(_ error: any Error, of secrets: [String]) -> Bool {
        holds("\(error)", secrets) || holds(String(reflecting: error), secrets)
    }

    private static func holds(_ text: String, _ secrets: [String]) -> Bool {
        secrets.contains { !$0.isEmpty && text.contains($0) }
    }
}
