import Cryptography
import FoundationEssentials
import PluginAPI
import SQLite

extension Store {
    /// All configured instances, by kind and priority.
    ///
    /// - Parameter key: opens the secrets. An instance whose secrets cannot be opened is kept without them.
    func instances(key: SealingKey, onUnreadableSecrets: (String) -> Void) throws -> [Instance] {
        try database.read { connection in
            try connection.query("SELECT * FROM instances ORDER BY kind, priority, name") { row in
                let id = try row.string("id")
                var secrets: [String: String] = [:]
                do {
                    secrets = try Self.open(try row.optionalData("secrets"), of: id, key)
                } catch {
                    onUnreadableSecrets(try row.string("name"))
                }
                return Instance(
                    id: id,
                    kind: PluginManifest.Kind(rawValue: try row.string("kind")) ?? .downloadClient,
                    name: try row.string("name"),
                    implementation: try row.string("implementation"),
                    isEnabled: try row.bool("enabled"),
                    priority: try row.int("priority"),
                    settings: try Self.decode([String: JSONValue].self, try row.string("settings")),
                    secrets: secrets,
                    settingsVersion: try row.optionalInt("settings_version") ?? 1,
                    pathMappings: try Self.decode([PathMapping].self, try row.string("path_mappings")),
                    health: InstanceHealth(
                        step: try row.int("failures"),
                        nextAttempt: try row.optionalInt64("next_attempt").map(Date.init(milliseconds:)),
                        message: try row.optionalString("failure"),
                        code: try row.optionalString("failure_code"),
                        failures: try row.int("failure_count"),
                        since: try row.optionalInt64("failing_since").map(Date.init(milliseconds:)),
                        lastSuccess: try row.optionalInt64("last_success").map(Date.init(milliseconds:))
                    ),
                    created: Date(milliseconds: try row.int64("created")),
                    updated: Date(milliseconds: try row.int64("updated"))
                )
            }
        }
    }

    /// The ids of the plugins that something is configured for.
    func configuredPlugins() throws -> [String] {
        try database.read { connection in
            try connection.query("SELECT DISTINCT implementation FROM instances") { try $0.string("implementation") }
        }
    }

    /// Inserts or replaces `instance`.
    ///
    /// - Throws: `SQLiteError` that `isUnique` when another instance of the kind has the name.
    nonisolated(nonsending) func save(_ instance: Instance, key: SealingKey) async throws {
        let secrets = try Self.seal(instance.secrets, of: instance.id, key)
        let settings = JSONWriter.text(.object(instance.settings))
        let mappings = try Self.encode(instance.pathMappings)
        try await database.write { connection in
            // What a plugin keeps is its own: another plugin that takes the instance over must not find it.
            for table in ["plugin_values", "former_settings"] {
                try connection.execute(
                    """
                    DELETE FROM \(table)
                    WHERE instance_id IN (SELECT id FROM instances WHERE id = ? AND implementation <> ?)
                    """,
                    instance.id,
                    instance.implementation
                )
            }
            try Self.keepFormerSettings(of: instance, replaced: instance.updated, connection)
            try connection.execute(
                """
                INSERT INTO instances (id, kind, name, implementation, enabled, priority, settings, secrets,
                    settings_version, path_mappings, failures, next_attempt, failure, created, updated)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, implementation = excluded.implementation,
                    enabled = excluded.enabled, priority = excluded.priority, settings = excluded.settings,
                    secrets = excluded.secrets, settings_version = excluded.settings_version,
                    path_mappings = excluded.path_mappings, failures = excluded.failures,
                    next_attempt = excluded.next_attempt, failure = excluded.failure, updated = excluded.updated
                """,
                instance.id,
                instance.kind.rawValue,
                instance.name,
                instance.implementation,
                instance.isEnabled,
                instance.priority,
                settings,
                secrets,
                instance.settingsVersion,
                mappings,
                instance.health.step,
                instance.health.nextAttempt?.milliseconds,
                instance.health.message,
                instance.created.milliseconds,
                instance.updated.milliseconds
            )
        }
    }

    func deleteInstance(_ id: String) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM instances WHERE id = ?", id)
        }
    }

    /// The sealed form of an instance's secrets; `nil` when it has none.
    static func seal(_ secrets: [String: String], of id: String, _ key: SealingKey) throws -> Data? {
        secrets.isEmpty ? nil : try key.seal(try JSONEncoder().encode(secrets), context: secretContext(id))
    }

    /// What `seal` has sealed.
    ///
    /// - Throws: when the key is another one, or the secrets are those of another instance.
    static func open(_ sealed: Data?, of id: String, _ key: SealingKey) throws -> [String: String] {
        guard let sealed else { return [:] }
        let json = try key.open(sealed, context: secretContext(id))
        return try JSONDecoder().decode([String: String].self, from: json)
    }

    /// Binds sealed secrets to their row: copied into another one they do not open.
    private static func secretContext(_ id: String) -> String { "instance:" + id }

    static func encode(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
