import FoundationEssentials
import PluginAPI

/// The migrations of settings that run, and those that have failed.
struct SettingsMigrations {
    /// Why settings could not be brought to the form that their plugin has now.
    ///
    /// It is tried again at the next start, when the plugin changes, and when a person tests or changes the instance.
    struct Failure {
        /// As the instance shows it.
        let error: PluginError
        /// How often the plugin's process ended meanwhile; `nil` when the plugin has said itself that it cannot.
        let crashes: Int?

        /// Another call may have crashed the process, so a crash is no answer until it has come three times.
        var isFinal: Bool { crashes.map { $0 >= 3 } ?? true }
    }

    /// By the id of the instance.
    var running: [String: Task<Void, Never>] = [:]
    /// By the id of the instance.
    var failures: [String: Failure] = [:]
    /// The server is ending: no other one is begun.
    var isOver = false
}

extension Registry {
    /// Has the settings of an instance changed by its plugin, when they were stored for an older form.
    ///
    /// They are stored in the new form, once; those of before are kept beside them. When that fails they stay as they
    /// are, and the instance's health says why.
    ///
    /// - Parameter again: tries once more what has failed.
    func bringUpToDate(_ id: String, again: Bool = false) async {
        guard let instance = instances[id], let schema = manifest(of: instance)?.settings,
            instance.settingsVersion < schema.version, again || migrations.failures[id]?.isFinal != true,
            !migrations.isOver
        else { return }
        let task = migrations.running[id] ?? Task { await self.migrate(instance, to: schema) }
        migrations.running[id] = task
        await task.value
    }

    /// Brings the settings of all instances of these plugins up to date, while other things go on.
    func bringUpToDate(instancesOf plugins: Set<String>) {
        for instance in instances.values where plugins.contains(instance.implementation) {
            Task { await self.bringUpToDate(instance.id) }
        }
    }

    /// Gives up the migrations that run, and begins no other.
    func endMigrations() {
        migrations.isOver = true
        for task in migrations.running.values { task.cancel() }
    }

    /// What keeps an instance from being used whose settings are still those of an older form.
    func unmigrated(_ instance: Instance) -> PluginError {
        if let failure = migrations.failures[instance.id] { return failure.error }
        return failure(of: instance, PluginError(.internal, "They were not changed yet."))
    }

    private func migrate(_ instance: Instance, to schema: SettingsSchema) async {
        defer { migrations.running[instance.id] = nil }
        do {
            let values = try await migrated(instance, schema)
            try await store(values, of: instance, version: schema.version)
            // A connection may wait for this, and what a change sets off may wait for the connection.
            if instances[instance.id]?.health.message != nil { Task { await self.resetHealth(instance.id) } }
        } catch {
            // Whoever ends the server is no reason to blame the plugin.
            guard !Task.isCancelled else { return }
            await fail(instance, PluginError(wrapping: error).redacted(by: redactor))
        }
    }

    private func migrated(
        _ instance: Instance,
        _ schema: SettingsSchema
    ) async throws(PluginError) -> SettingsForm.Values {
        let form = SettingsForm(schema: schema)
        let json = try await plugins.migrate(
            instance.implementation,
            settings: instance.pluginSettings(for: schema),
            from: instance.settingsVersion
        )
        guard let all = try? WireJSON.decode([String: JSONValue].self, from: json) else {
            throw PluginError(.badResponse, "The plugin gave something else than an object of settings.")
        }
        return try form.separated(all, after: form.arranged(instance.values))
    }

    private func store(_ values: SettingsForm.Values, of instance: Instance, version: Int) async throws {
        var migrated = instance
        migrated.values = values
        migrated.settingsVersion = version
        values.secrets.values.forEach(redactor.remember)
        let isStored = try await store.saveMigrated(
            migrated,
            from: instance.settingsVersion,
            now: clock.now,
            key: sealingKey
        )
        // An instance that was changed meanwhile keeps what it was changed to.
        guard isStored, var current = instances[instance.id], current.updated == instance.updated else {
            return values.secrets.values.forEach(redactor.forget)
        }
        instance.secrets.values.forEach(redactor.forget)
        current.values = values
        current.settingsVersion = version
        instances[instance.id] = current
        migrations.failures[instance.id] = nil
        logger.info(
            "The settings of \(instance.name) were brought from version \(instance.settingsVersion) of the form of "
                + "\(instance.implementation) to version \(version). The former ones are kept.",
            ["instance": .string(instance.id)]
        )
    }

    private func fail(_ instance: Instance, _ error: PluginError) async {
        let failure = failure(of: instance, error)
        let before = migrations.failures[instance.id]?.crashes ?? 0
        // While the process waits to be started again, nobody was asked.
        let crashes = error.code == .pluginCrashed ? before + (error.retryAfter == nil ? 1 : 0) : nil
        migrations.failures[instance.id] = .init(error: failure, crashes: crashes)
        await recordFailure(instance.id, failure)
    }

    private func failure(of instance: Instance, _ error: PluginError) -> PluginError {
        let version = manifest(of: instance).map { " to version \($0.settings.version)" } ?? ""
        let words =
            "The settings of \(instance.name) are of version \(instance.settingsVersion) of the form of "
            + "\(instance.implementation) and could not be brought\(version): \(error.message) They are kept as they are. "
            + "Test the connection to have it tried again, or enter the settings anew."
        return PluginError(.internal, words, field: error.field, retryAfter: error.retryAfter)
    }
}
