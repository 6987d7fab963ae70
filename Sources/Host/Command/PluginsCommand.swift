import PluginAPI
import PluginHosting

/// Lists the plugins that are found: `kinodock plugins`.
struct PluginsCommand {
    let configuration: ServerConfiguration

    func run() throws -> Int32 {
        let catalog = PluginCatalog(PluginFolders(configuration.pluginFolders), switches: NoSwitches())
        catalog.scan()
        let entries = catalog.entries
        if entries.isEmpty {
            Terminal.print("No plugin in \(configuration.pluginFolders.joined(separator: ", ")).")
        }
        for entry in entries {
            Terminal.print("\(entry.id)  \(entry.version ?? "-")  \(entry.state.rawValue)  \(entry.path)")
            if let reason = entry.reason { Terminal.print("    \(reason)") }
        }
        return 0
    }
}

/// The command looks at files only, so it shows what would be active if nothing were switched off.
private struct NoSwitches: PluginSwitches {
    func load() throws -> Set<String> { [] }
    func setDisabled(_ id: String, _ isDisabled: Bool) throws {}
}
