package import FoundationEssentials

/// An instance in this process whose calls come from another one, which counts the time.
package protocol RelayedInstance: PluginConnection {
    /// Begins a call that nobody gives up here when its deadline passes; the plugin is told the deadline all the same.
    ///
    /// - Parameter reply: called once, on any thread, perhaps before this returns.
    /// - Returns: what names the call in `askToGiveUp`.
    func start(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration,
        reply: @escaping @Sendable (CallResult) -> Void
    ) -> CallID

    /// Asks the plugin to give up a call that was made with `start`; its reply still comes.
    func askToGiveUp(_ id: CallID)

    /// As `shutDown()`.
    ///
    /// - Returns: whether the plugin has ended the instance in time.
    func shutDown(within limit: Duration) async -> Bool
}
