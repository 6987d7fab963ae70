import CKinodockPlugin
import FoundationEssentials
import PluginAPI
import PluginHosting
import SQLite

extension Store: PluginMemory {
    /// The server for which a scan counts: another one may take what this one has refused, and the other way round.
    static let scanningHost = "\(KinodockVersion.text)/\(KINODOCK_ABI_MAJOR).\(KINODOCK_ABI_MINOR)"
    /// The most scans that are kept; the oldest go first.
    private static let keptScans = 1000

    func rememberedPlugins() throws -> PluginMemories {
        try database.read { connection in
            var memories = PluginMemories()
            memories.settings.disabled = Set(
                try connection.query("SELECT id FROM disabled_plugins") { try $0.string("id") }
            )
            let modes = try connection.query("SELECT id, mode FROM plugin_isolation") { row in
                (try row.string("id"), IsolationSetting(rawValue: try row.string("mode")))
            }
            for (id, mode) in modes { memories.settings.isolation[id] = mode }
            memories.scans = try connection.query(
                "SELECT * FROM plugin_scans WHERE host = ?",
                Self.scanningHost
            ) { try PluginScan($0) }.compactMap { $0 }
            memories.faults = try connection.query("SELECT * FROM plugin_faults") { try PluginFault($0) }
            memories.list =
                try connection.first("SELECT entries FROM plugin_list") { row in
                    Array(try row.data("entries"))
                } ?? []
            return memories
        }
    }

    func setDisabled(_ id: String, _ isDisabled: Bool) async throws {
        try await database.write { connection in
            try connection.execute(
                isDisabled
                    ? "INSERT OR IGNORE INTO disabled_plugins (id) VALUES (?)"
                    : "DELETE FROM disabled_plugins WHERE id = ?",
                id
            )
        }
    }

    func setIsolation(_ id: String, _ setting: IsolationSetting) async throws {
        try await database.write { connection in
            if setting == .auto {
                try connection.execute("DELETE FROM plugin_isolation WHERE id = ?", id)
            } else {
                try connection.execute(
                    "INSERT OR REPLACE INTO plugin_isolation (id, mode) VALUES (?, ?)",
                    id,
                    setting.rawValue
                )
            }
        }
    }

    func keep(_ scan: PluginScan) async throws {
        let found = try? scan.outcome.get()
        var refusal: PluginRefusal?
        if case .failure(let its) = scan.outcome { refusal = its }
        let manifest = try found.map { try JSONEncoder().encode($0.manifest) }
        let (minor, code, reason) = (found.map { Int($0.minor) }, refusal?.code.rawValue, refusal?.reason)
        try await database.write { connection in
            try connection.execute(
                """
                INSERT OR REPLACE INTO plugin_scans (sha256, host, minor, manifest, code, reason, scanned)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                scan.sha256,
                Self.scanningHost,
                minor,
                manifest,
                code,
                reason,
                scan.time.milliseconds
            )
            try connection.execute(
                """
                DELETE FROM plugin_scans WHERE sha256 IN
                (SELECT sha256 FROM plugin_scans ORDER BY scanned DESC LIMIT -1 OFFSET ?)
                """,
                Self.keptScans
            )
        }
    }

    func keep(_ fault: PluginFault) async throws {
        try await database.write { connection in
            try connection.execute(
                "INSERT OR REPLACE INTO plugin_faults (sha256, id, words, happened) VALUES (?, ?, ?, ?)",
                fault.sha256,
                fault.id,
                fault.words,
                fault.time.milliseconds
            )
        }
    }

    func forgetFailures(of hashes: Set<String>) async throws {
        try await database.write { connection in
            for hash in hashes {
                try connection.execute("DELETE FROM plugin_scans WHERE sha256 = ?", hash)
                try connection.execute("DELETE FROM plugin_faults WHERE sha256 = ?", hash)
            }
        }
    }

    func keep(pluginList json: [UInt8]) async throws {
        let entries = Data(json)
        try await database.write { connection in
            try connection.execute("INSERT OR REPLACE INTO plugin_list (number, entries) VALUES (1, ?)", entries)
        }
    }
}

extension PluginScan {
    /// `nil` when another version has written what cannot be understood here; the file is then tried anew.
    fileprivate init?(_ row: borrowing Row) throws {
        let time = Date(milliseconds: try row.int64("scanned"))
        if let json = try row.optionalData("manifest"), let minor = try row.optionalInt("minor") {
            guard let manifest = try? JSONDecoder().decode(PluginManifest.self, from: json) else { return nil }
            let scanned = ScannedPlugin(minor: UInt16(clamping: minor), manifest: manifest)
            self.init(sha256: try row.string("sha256"), outcome: .success(scanned), time: time)
            return
        }
        guard let code = try row.optionalString("code").flatMap(PluginRefusal.Code.init) else { return nil }
        let refusal = PluginRefusal(.quarantined, code, try row.optionalString("reason") ?? "")
        self.init(sha256: try row.string("sha256"), outcome: .failure(refusal), time: time)
    }
}

extension PluginFault {
    fileprivate init(_ row: borrowing Row) throws {
        self.init(
            sha256: try row.string("sha256"),
            id: try row.string("id"),
            words: try row.string("words"),
            time: Date(milliseconds: try row.int64("happened"))
        )
    }
}
