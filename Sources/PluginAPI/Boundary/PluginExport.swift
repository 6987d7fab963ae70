public import CKinodockPlugin
import FoundationEssentials
import Synchronization

/// What the one exported function of a plugin's library returns: the table that the C contract describes.
public typealias PluginTable = UnsafePointer<kinodock_plugin>

/// Makes the binary table of a plugin.
///
/// A library exports exactly one plugin, with one line beside its type:
///
///     @c(kinodock_plugin_v1)
///     public func plugin() -> PluginTable { PluginExport.table(for: Example.self) }
public enum PluginExport {
    /// The table of `plugin`, made at the first call and valid until the process ends.
    ///
    /// A second type in the same library is a defect of that library and ends the process: the C function that
    /// creates instances carries no argument that could tell two types apart.
    public static func table<P: Plugin>(for plugin: P.Type) -> PluginTable {
        exported.withLock { exported in
            if let known = exported {
                precondition(known.type == plugin, "One library exports one plugin: \(known.type) is exported already.")
                return known.table
            }
            let made = ExportedPlugin(plugin)
            exported = made
            return made.table
        }
    }

    /// The plugin of this library.
    ///
    /// The C contract's `create` has no context, so it must be found from here.
    static let exported = Mutex<ExportedPlugin?>(nil)
}

/// A plugin type as the C functions see it.
struct ExportedPlugin: @unchecked Sendable {
    // Unchecked: `table` is written before it is shared and never changed or freed after that.
    let type: any Plugin.Type
    let table: PluginTable
    let methods: MethodTable
    let make: @Sendable (_ settings: Data, _ host: any HostServices) throws -> any Plugin
    let migrate: @Sendable (_ settings: [String: JSONValue], _ version: Int) throws -> [String: JSONValue]

    init<P: Plugin>(_ plugin: P.Type) {
        type = plugin
        methods = MethodTable(for: plugin)
        make = { settings, host in try plugin.init(settings: SettingsReader.read(settings, for: plugin), host: host) }
        migrate = { settings, version in try plugin.migrate(settings, from: version) }
        table = Self.allocateTable(manifest: Self.manifestText(of: plugin))
    }

    /// The manifest as JSON, with `kinds` filled in from the protocols that the type conforms to.
    ///
    /// The same text at every run: builds put it into the file, and a build should be repeatable.
    static func manifestText<P: Plugin>(of plugin: P.Type) -> String {
        var manifest = plugin.manifest
        manifest.kinds = MethodTable.kinds(of: plugin).map(Open.known)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(manifest) else { return "" }
        return String(decoding: json, as: UTF8.self)
    }

    private static func allocateTable(manifest: String) -> PluginTable {
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: manifest.utf8.count + 1)
        _ = text.initialize(from: manifest.utf8.lazy.map(CChar.init(bitPattern:)) + [0])
        let table = UnsafeMutablePointer<kinodock_plugin>.allocate(capacity: 1)
        table.initialize(
            to: kinodock_plugin(
                size: UInt32(MemoryLayout<kinodock_plugin>.size),
                // The host compares these with the section of the file, so both are one constant.
                magic: kinodock_sdk_header.magic,
                major: kinodock_sdk_header.major,
                minor: kinodock_sdk_header.minor,
                min_host_minor: kinodock_sdk_header.min_host_minor,
                flags: kinodock_sdk_header.flags,
                manifest: UnsafePointer(text.baseAddress),
                create: { PluginEntry.create($0, $1) },
                destroy: { PluginEntry.destroy($0, $1) },
                invoke: { PluginEntry.invoke($0, $1) },
                cancel: { PluginEntry.cancel($0, $1) },
                migrate: { PluginEntry.migrate($0) }
            )
        )
        return UnsafePointer(table)
    }
}
