/// How it stands with the process of an isolated plugin.
package struct RunnerStatus: Hashable, Sendable {
    /// The number of the process, while there is one.
    package var processID: Int32?
    /// Crashes within the last hour.
    package var crashes = 0
    /// What happened last that the plugin is to blame for, to follow the plugin's name.
    package var lastCrash: String?
    /// Whether it has crashed so often that it is not started again until a person says so.
    package var isGivenUp = false
}
