import Cryptography
import FoundationEssentials
import PluginAPI

/// What a person wants an instance to be: anything may be left out.
struct InstanceDraft: Sendable {
    var name: String?
    /// The id of the plugin.
    var implementation: String?
    var isEnabled: Bool?
    var priority: Int?
    /// With secrets, or with the masks that stand for stored ones.
    var settings: [String: JSONValue]?
    /// The name of a preset of the form, whose values stand below those of `settings`.
    var preset: String?
    var pathMappings: [PathMapping]?

    /// The instance that the draft describes.
    ///
    /// - Parameter old: the one that it changes; what the draft leaves out stays as it is there.
    func instance(
        replacing old: Instance?,
        kind: PluginManifest.Kind,
        plugins: any PluginSource,
        now: Date
    ) throws(SettingsRefusal) -> Instance {
        guard let implementation = implementation ?? old?.implementation else {
            throw SettingsRefusal("implementation", "Send the id of a plugin; GET /api/plugins lists them.")
        }
        let priority = priority ?? old?.priority ?? 1
        guard (1...100).contains(priority) else { throw SettingsRefusal("priority", "Must be from 1 to 100.") }
        for mapping in pathMappings ?? [] where mapping.remote.isEmpty || !mapping.local.hasPrefix("/") {
            throw SettingsRefusal(
                "pathMappings",
                "Each needs `remote`, as the client writes the folder, and `local`, an absolute path here."
            )
        }
        let (values, version) = try values(implementation, old, kind, plugins)
        let manifest = plugins.manifest(of: implementation)
        return Instance(
            id: old?.id ?? RandomBytes.uuid(),
            kind: kind,
            name: try checkedName() ?? old?.name ?? manifest?.name ?? implementation,
            implementation: implementation,
            isEnabled: isEnabled ?? old?.isEnabled ?? true,
            priority: priority,
            settings: values.settings,
            secrets: values.secrets,
            settingsVersion: version,
            pathMappings: pathMappings ?? old?.pathMappings ?? [],
            health: old?.health ?? InstanceHealth(),
            created: old?.created ?? now,
            updated: now
        )
    }

    /// The settings, and the version of the form that they fit.
    private func values(
        _ implementation: String,
        _ old: Instance?,
        _ kind: PluginManifest.Kind,
        _ plugins: any PluginSource
    ) throws(SettingsRefusal) -> (SettingsForm.Values, version: Int) {
        let kept = old.flatMap { $0.implementation == implementation ? $0 : nil }
        let stored = kept?.values ?? .none
        guard let manifest = plugins.manifest(of: implementation) else {
            // A missing plugin has no schema to check against; its instances keep what they have.
            let reason = plugins.reasonAgainst(implementation)
            guard let kept, preset == nil else { throw SettingsRefusal("implementation", reason) }
            guard let settings else { return (stored, kept.settingsVersion) }
            let values = try SettingsForm.acceptUnchecked(settings, stored: stored, reason: reason)
            return (values, kept.settingsVersion)
        }
        guard manifest.kinds.contains(.known(kind)) else {
            throw SettingsRefusal(
                "implementation",
                "\(manifest.name) is no \(kind.rawValue.replacing("_", with: " "))."
            )
        }
        let form = SettingsForm(schema: manifest.settings)
        if let kept, settings == nil, preset == nil { return (stored, kept.settingsVersion) }
        var sent = settings ?? [:]
        if let preset { sent = try form.applying(preset: preset, below: sent) }
        let values = try form.accept(sent, stored: stored)
        // Settings of a newer form that come back as they were shown are left as they are, for the plugin that wrote them.
        if let kept, kept.settingsVersion > form.schema.version, values == form.arranged(stored) {
            return (stored, kept.settingsVersion)
        }
        return (values, form.schema.version)
    }

    private func checkedName() throws(SettingsRefusal) -> String? {
        guard let name = name?.trimmed else { return nil }
        // A control character would break lines of the log and labels of the metrics.
        guard (1...100).contains(name.count),
            !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { throw SettingsRefusal("name", "Must have 1 to 100 characters, without line breaks and the like.") }
        return name
    }
}
