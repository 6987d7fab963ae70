public import struct FoundationEssentials.Data

/// A transport to a plugin value in the same program: the same JSON as over the boundary, without a library.
///
/// For tests of a plugin, and of code that calls plugins. It does not enforce deadlines; cancelling the calling task
/// cancels the plugin's work.
public struct LoopbackTransport: PluginTransport {
    private let backend: Backend
    private let methods: MethodTable

    /// A transport to `plugin`, which stays the caller's to end.
    public init(_ plugin: some Plugin) {
        backend = Backend(plugin)
        methods = MethodTable(for: type(of: plugin))
    }

    /// Creates the plugin from the JSON of its settings first, as the host does.
    ///
    /// - Throws: `.invalid` naming the field, or what the plugin's initializer throws.
    public init<P: Plugin>(_ plugin: P.Type, settings: Data, host: any HostServices) throws(PluginError) {
        do {
            self.init(try plugin.init(settings: SettingsReader.read(settings, for: plugin), host: host))
        } catch {
            throw WireJSON.pluginError(from: error)
        }
    }

    /// Runs the method on the calling task; `deadline` is not enforced.
    public func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        guard let run = methods[method] else { throw methods.unsupported(method) }
        do {
            return try await run(backend, json, attachment)
        } catch {
            throw WireJSON.pluginError(from: error)
        }
    }
}
