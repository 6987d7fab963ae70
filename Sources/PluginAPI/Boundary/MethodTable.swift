import FoundationEssentials

/// A plugin instance as the methods see it; each kind is looked up once, when the instance is created.
struct Backend: Sendable {
    let provider: any Provider
    let download: (any DownloadClient)?
    let indexer: (any Indexer)?
    let metadata: (any MetadataProvider)?
    let notifier: (any Notifier)?

    init(_ plugin: any Plugin) {
        provider = plugin
        download = plugin as? any DownloadClient
        indexer = plugin as? any Indexer
        metadata = plugin as? any MetadataProvider
        notifier = plugin as? any Notifier
    }
}

/// A method of the wire: takes the JSON of its parameters and an attachment, and gives the same.
typealias Method = @Sendable (Backend, Data, Data?) async throws -> (json: Data, attachment: Data?)

/// The methods of one plugin type by wire name, made once from the protocols that it conforms to.
struct MethodTable: Sendable {
    private let methods: [String: Method]

    init(for plugin: any Plugin.Type) {
        var methods = Self.provider
        for kind in Self.kinds(of: plugin) { methods.merge(Self.methods(of: kind)) { first, _ in first } }
        self.methods = methods
    }

    subscript(name: String) -> Method? { methods[name] }

    /// What to answer to a method that is not in the table.
    func unsupported(_ name: String) -> PluginError {
        PluginError(.unsupported, "This plugin has no method \(name); it may need a newer version of the plugin.")
    }

    /// The kinds that a type conforms to, in the order of `PluginManifest.Kind`.
    static func kinds(of plugin: any Plugin.Type) -> [PluginManifest.Kind] {
        PluginManifest.Kind.allCases.filter { kind in
            switch kind {
            case .downloadClient: plugin is any DownloadClient.Type
            case .indexer: plugin is any Indexer.Type
            case .metadataProvider: plugin is any MetadataProvider.Type
            case .notifier: plugin is any Notifier.Type
            }
        }
    }

    /// The methods that a kind adds to those of every plugin.
    static func methods(of kind: PluginManifest.Kind) -> [String: Method] {
        switch kind {
        case .downloadClient: download
        case .indexer: indexer
        case .metadataProvider: metadata
        case .notifier: notifier
        }
    }

    /// A method with parameters and a result; `kind` picks the protocol that has it.
    static func method<Kind, Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
        _ kind: @escaping @Sendable (Backend) -> Kind?,
        _ body: @escaping @Sendable (Kind, Input, Data?) async throws -> Output
    ) -> Method {
        { backend, json, attachment in
            guard let target = kind(backend) else { throw PluginError(.unsupported, "The plugin is not of this kind.") }
            let input = try WireJSON.decodeParameters(Input.self, from: json)
            return (try WireJSON.encode(try await body(target, input, attachment)), nil)
        }
    }
}
