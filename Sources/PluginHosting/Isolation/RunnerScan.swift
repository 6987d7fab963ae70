/// Looks at a file that nobody knows yet, in a process that ends at once.
package enum RunnerScan {
    /// Loads `candidate` in a runner, and ends that.
    ///
    /// - Parameters:
    ///   - expected: the file that was looked at; nothing of another one is run. `nil` takes what is there.
    ///   - limit: how long it may take.
    /// - Throws: why the plugin cannot be used; a crash or a hang is `.quarantined`.
    package static func scan(
        _ candidate: PluginCandidate,
        program: RunnerProgram,
        expecting expected: PluginFileStatus? = nil,
        within limit: Duration = IsolatedPlugin.loadingLimit,
        listener: RunnerListener = RunnerListener()
    ) async throws(PluginRefusal) -> RunnerHello {
        let (session, hello) = try await RunnerSession.start(
            program,
            candidate,
            expecting: expected,
            within: limit,
            listener: listener
        )
        session.stop()
        return hello
    }
}
