import FoundationEssentials

/// What is remembered of plugins across restarts.
protocol PluginMemory: Sendable {
    /// All of it.
    func rememberedPlugins() throws -> PluginMemories
    /// Switches a plugin on or off.
    func setDisabled(_ id: String, _ isDisabled: Bool) async throws
    func setIsolation(_ id: String, _ setting: IsolationSetting) async throws
    /// Keeps how a file ran for the first time, in place of what was kept for the same bytes.
    func keep(_ scan: PluginScan) async throws
    func keep(_ fault: PluginFault) async throws
    /// Forgets how files with these hashes ran, and that the server died in their code.
    func forgetFailures(of hashes: Set<String>) async throws
    /// Keeps the list of plugins for who asks while the server is not there to answer: JSON, as the API shows it.
    func keep(pluginList json: [UInt8]) async throws
}

/// What a memory holds.
struct PluginMemories: Sendable {
    var settings = PluginSettings()
    /// Those that were made by a server of this version.
    var scans: [PluginScan] = []
    var faults: [PluginFault] = []
    /// As it was kept last, or empty.
    var list: [UInt8] = []
}
