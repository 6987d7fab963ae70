import Cryptography
import FoundationEssentials
import PluginAPI
import SQLite

/// Settings of an instance that were stored for another version of its plugin's form than those that it has now.
struct FormerSettings: Sendable {
    /// The version of the form that they fit.
    let version: Int
    let values: SettingsForm.Values
    /// When others took their place.
    let replaced: Date
}

extension Store {
    /// The former settings of an instance, the latest version first.
    ///
    /// - Parameter key: opens the secrets; those that it does not open are left out.
    func formerSettings(of id: String, key: SealingKey) throws -> [FormerSettings] {
        try database.read { connection in
            try connection.query(
                "SELECT * FROM former_settings WHERE instance_id = ? ORDER BY version DESC",
                id
            ) { row in
                let secrets = try? Self.open(try row.optionalData("secrets"), of: id, key)
                return FormerSettings(
                    version: try row.int("version"),
                    values: .init(
                        settings: try Self.decode([String: JSONValue].self, try row.string("settings")),
                        secrets: secrets ?? [:]
                    ),
                    replaced: Date(milliseconds: try row.int64("replaced"))
                )
            }
        }
    }

    /// Stores settings for a newer version of the form, and keeps those that they replace.
    ///
    /// - Parameters:
    ///   - instance: with the new settings; nothing else of it is stored.
    ///   - version: that of the stored settings.
    /// - Returns: `false`, with nothing stored, when the instance was changed or deleted meanwhile.
    nonisolated(nonsending) func saveMigrated(
        _ instance: Instance,
        from version: Int,
        now: Date,
        key: SealingKey
    ) async throws -> Bool {
        let secrets = try Self.seal(instance.secrets, of: instance.id, key)
        let settings = JSONWriter.text(.object(instance.settings))
        return try await database.write { connection in
            let unchanged = "id = ? AND updated = ? AND coalesce(settings_version, 1) = ?"
            let isUnchanged = try connection.first(
                "SELECT 1 FROM instances WHERE \(unchanged)",
                instance.id,
                instance.updated.milliseconds,
                version
            ) { _ in true }
            guard isUnchanged == true else { return false }
            try Self.keepFormerSettings(of: instance, replaced: now, connection)
            try connection.execute(
                "UPDATE instances SET settings = ?, secrets = ?, settings_version = ? WHERE id = ?",
                settings,
                secrets,
                instance.settingsVersion,
                instance.id
            )
            return true
        }
    }

    /// Keeps what is stored for an instance, when it is about to be replaced by settings of another version of the form.
    static func keepFormerSettings(of instance: Instance, replaced: Date, _ connection: Connection) throws {
        try connection.execute(
            """
            INSERT OR REPLACE INTO former_settings (instance_id, version, settings, secrets, replaced)
            SELECT id, coalesce(settings_version, 1), settings, secrets, ? FROM instances
            WHERE id = ? AND implementation = ? AND coalesce(settings_version, 1) <> ?
            """,
            replaced.milliseconds,
            instance.id,
            instance.implementation,
            instance.settingsVersion
        )
    }
}
