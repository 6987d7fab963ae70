/// A backend of Kinodock.
///
/// A plugin is one type that conforms to `Plugin` and to the kinds that it provides: `DownloadClient`, `Indexer`,
/// `MetadataProvider` or `Notifier`.
///
///     struct Example: Plugin, DownloadClient { ... }
///
///     @c(kinodock_plugin_v1)
///     public func plugin() -> PluginTable { PluginExport.table(for: Example.self) }
///
/// Each configured instance is one value of the type, created with its own settings.
public protocol Plugin: Provider {
    /// The stored settings. Its coding keys are the keys of the manifest's fields.
    associatedtype Settings: Codable & Sendable

    /// What the plugin is, and the form for its settings.
    static var manifest: PluginManifest { get }

    /// Creates an instance.
    ///
    /// It must not wait: the first call is the place to connect.
    ///
    /// - Throws: `PluginError` with `.invalid` and a field, if the settings make no sense.
    init(settings: Settings, host: any HostServices) throws

    /// Changes stored settings that fit an older version of the form, so that they fit `manifest.settings.version`.
    ///
    /// Called once for each instance, before it is created. There is no host here: it only changes data. What was
    /// stored before is kept by the server, and a secret stays encrypted whatever key it gets.
    ///
    /// - Parameters:
    ///   - settings: what is stored, secrets included, after every `renamedFrom` has been followed.
    ///   - version: the version of the form that they were checked against, lower than the manifest's.
    /// - Returns: all settings; a key that is not among them is not set any more.
    /// - Throws: what the user has to know. The stored settings stay as they are, and the host tries again later.
    static func migrate(_ settings: [String: JSONValue], from version: Int) throws -> [String: JSONValue]
}

extension Plugin {
    /// Returns `settings` as they are, for a form whose changes `renamedFrom` and defaults express.
    public static func migrate(_ settings: [String: JSONValue], from version: Int) throws -> [String: JSONValue] {
        settings
    }
}

/// What every kind of backend can do.
public protocol Provider: Sendable {
    /// Connects with fresh credentials and reports what it found.
    ///
    /// Uses no session that an earlier call has opened, so a password that has become wrong is noticed.
    ///
    /// - Throws: `PluginError` when there is no connection at all.
    func test() async throws -> ConnectionReport

    /// The choices of the settings fields whose `optionsFrom` is `source`.
    ///
    /// - Throws: `PluginError` with `.unsupported` for a source that the form does not name.
    func options(for source: String) async throws -> [SettingsField.Option]

    /// Ends the instance: no call comes after it.
    func shutDown() async
}

extension Provider {
    /// Throws `.unsupported`, for a plugin whose form computes no choices.
    public func options(for source: String) async throws -> [SettingsField.Option] {
        throw PluginError(.unsupported, "There are no options for \(source).")
    }

    /// Does nothing, for a plugin that holds nothing open.
    public func shutDown() async {}
}
