import PluginAPI

/// What the registry has a plugin say about settings, and what it says of them itself.
extension Registry {
    /// Asks the plugin of `instance` whether its settings make sense: has it create an instance, which is ended at once.
    ///
    /// - Returns: a warning when the plugin could not be asked. Nobody loses settings because a plugin is bad.
    /// - Throws: a refusal, when the plugin says that a setting is wrong.
    func check(_ instance: Instance) async throws(SettingsRefusal) -> [SettingsWarning] {
        do {
            try await withConnection(instance) { _ in }
            return []
        } catch  where error.code == .invalid {
            throw SettingsRefusal(error)
        } catch {
            let words =
                "The settings are stored, but \(instance.implementation) could not say whether they make sense: "
                + error.message
            return [SettingsWarning(code: .notChecked, message: words)]
        }
    }

    /// What is to be said of the settings of `instance`.
    ///
    /// - Parameter old: the instance before a change; `nil` when it is new.
    func warnings(about instance: Instance, since old: Instance?) -> [SettingsWarning] {
        guard let form = manifest(of: instance).map({ SettingsForm(schema: $0.settings) }) else { return [] }
        let kept = old.flatMap { $0.implementation == instance.implementation ? $0 : nil }
        return versionWarnings(instance, form.schema.version)
            + form.warnings(about: instance.values, since: kept?.values ?? .none)
    }

    /// Values that the plugin does not list among the choices that it computes.
    ///
    /// It connects, so it is for settings of which a test has just succeeded. A plugin that cannot tell is no reason for
    /// a warning.
    func unlistedOptions(of instance: Instance) async -> [SettingsWarning] {
        guard let schema = manifest(of: instance)?.settings else { return [] }
        let chosen = SettingsForm(schema: schema).chosen(in: instance.values)
        guard !chosen.isEmpty else { return [] }
        let found = try? await withConnection(instance) { connection in
            var warnings: [SettingsWarning] = []
            for (field, source, values) in chosen {
                let listed = try? await RemoteDownloadClient(connection).options(for: source)
                guard let listed, !listed.isEmpty else { continue }
                let known = Set(listed.map(\.value))
                warnings += values.filter { !known.contains($0) }
                    .map { SettingsWarning(unlisted: $0, in: field, among: listed) }
            }
            return warnings
        }
        return found ?? []
    }

    /// Settings that others have replaced when the version of the form changed, the latest version first.
    func formerSettings(of id: String) throws -> [FormerSettings] {
        try store.formerSettings(of: id, key: sealingKey)
    }

    /// Puts former settings in the place of the present ones, which become former ones.
    ///
    /// When the plugin has a newer form, they are brought to it once more.
    ///
    /// - Returns: `nil` when there is no such instance, or it has none of that version.
    func restoreSettings(of id: String, version: Int) async throws -> Instance? {
        guard let former = try formerSettings(of: id).first(where: { $0.version == version }),
            var instance = instances[id]
        else { return nil }
        instance.values = former.values
        instance.settingsVersion = version
        instance.updated = clock.now
        instance.health = InstanceHealth()
        try await save(instance)
        await bringUpToDate(id)
        return instances[id]
    }

    private func versionWarnings(_ instance: Instance, _ version: Int) -> [SettingsWarning] {
        if instance.settingsVersion < version {
            return [SettingsWarning(code: .notMigrated, message: unmigrated(instance).message)]
        }
        guard instance.settingsVersion > version else { return [] }
        let words =
            "The settings were stored for version \(instance.settingsVersion) of the form of \(instance.implementation), "
            + "but the plugin that is installed has version \(version). They are used as they are. Install the newer plugin, "
            + "or go back to the former settings."
        return [SettingsWarning(code: .newerSettings, message: words)]
    }
}

extension SettingsRefusal {
    /// The refusal of a plugin.
    init(_ error: PluginError) {
        self.init(error.field.map { "settings." + $0 } ?? "settings", error.message)
    }
}
