import CKinodockPlugin
public import PluginAPI

/// The one symbol by which a host finds this plugin.
@c(kinodock_plugin_v1)
public func plugin() -> PluginTable { PluginExport.table(for: TMDBProvider.self) }
