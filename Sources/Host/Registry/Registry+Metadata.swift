import PluginAPI

/// The catalogues among the instances.
extension Registry {
    /// The enabled metadata providers whose plugins can be used, the ones to prefer first.
    var metadataProviders: [Instance] {
        instances(of: .metadataProvider).filter { $0.isEnabled && manifest(of: $0) != nil }
    }

    /// The metadata provider of the instance `id`, connected on first use.
    ///
    /// - Throws: `.notFound` when there is no such instance, `.unsupported` when its plugin cannot be used now.
    func metadataProvider(_ id: String) async throws(PluginError) -> any MetadataProvider {
        RemoteMetadataProvider(try await connection(id))
    }

    /// The hosts that the user has entered in the settings of an instance, in lower case.
    func enteredHosts(of id: String) -> Set<String> {
        guard let instance = instances[id], let form = manifest(of: instance)?.settings else { return [] }
        let values = form.fields.compactMap { field -> String? in
            guard field.type.value == .url || field.type.value == .host else { return nil }
            return (instance.settings[field.key] ?? field.default)?.string
        }
        return Set(values.compactMap(Self.host))
    }

    /// The host of an address, or of a text that is a host alone; an IPv6 address keeps its brackets.
    private static func host(_ text: String) -> String? {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { !"/?#".contains($0) }.split(separator: "@").last ?? ""
        if authority.hasPrefix("[") { return authority.firstIndex(of: "]").map { authority[...$0].lowercased() } }
        let host = authority.prefix { $0 != ":" }.lowercased()
        return host.isEmpty ? nil : host
    }
}
