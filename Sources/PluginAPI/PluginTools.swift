/// What a plugin waits with and draws names from, handed to it so that tests have neither waits nor chance.
public struct PluginTools: Sendable {
    /// Waits; throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A random text of lower-case hexadecimal digits, another one at each call.
    public var token: @Sendable () -> String

    /// Tools of one's own.
    public init(
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        token: @escaping @Sendable () -> String
    ) {
        self.sleep = sleep
        self.token = token
    }

    /// Real time and real chance.
    public static let system = PluginTools(
        sleep: { try await Task.sleep(for: $0) },
        token: {
            var random = SystemRandomNumberGenerator()
            return String(random.next(), radix: 16) + String(random.next(), radix: 16)
        }
    )
}
