import PluginAPI
import PluginHosting

/// A place in which the code of one plugin runs for a check.
protocol PluginTrial: Sendable {
    /// Loads the plugin.
    ///
    /// - Throws: why the server would not take it.
    func start(_ candidate: PluginCandidate) async throws(PluginRefusal) -> any UsablePlugin

    /// What the plugin's process holds; `nil` when nobody can tell.
    func footprint() -> ProcessFootprint?

    /// The lines that the plugin has written on standard output and standard error so far.
    func printed() -> [String]

    /// Ends the plugin's code, whatever it does.
    func end() async
}
