/// Remembers which plugins a person has switched off.
protocol PluginSwitches: Sendable {
    /// The ids of the plugins that are off.
    func load() throws -> Set<String>
    func setDisabled(_ id: String, _ isDisabled: Bool) throws
}
