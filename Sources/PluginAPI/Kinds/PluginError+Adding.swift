extension PluginError {
    /// Does what comes before a download is handed to its client: looks whether it is there, makes its category.
    ///
    /// A call that gets no answer leaves open whether it was carried out, and a download about which that is open stays
    /// with its client. Here nothing was handed over yet, so the failure says so, and the host asks another client.
    ///
    /// - Throws: what `body` throws, with `.unreachable` in place of `.timeout` and `.interrupted`.
    public static func beforeAdding<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as PluginError where error.code == .timeout || error.code == .interrupted {
            var certain = error
            certain.code = .known(.unreachable)
            throw certain
        }
    }
}
