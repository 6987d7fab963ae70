import PluginAPI
import PluginHosting

/// What a person can do with a plugin.
///
/// Each returns when its effect is in the list, or after a moment, when a file takes long to be tried.
extension PluginCatalog {
    /// Switches a plugin on, and loads it if it is not loaded yet.
    ///
    /// - Throws: `PluginActionError`, or what the memory throws.
    func enable(_ id: String) async throws {
        try checkExists(id)
        try await memory.setDisabled(id, false)
        update { $0.settings.disabled.remove(id) }
        await settle(id)
    }

    /// Switches a plugin off.
    ///
    /// Its instances are kept. A library that is in the server stays there, but it is not used and not loaded at the next
    /// start.
    ///
    /// - Throws: as `enable`.
    func disable(_ id: String) async throws {
        try checkExists(id)
        try await memory.setDisabled(id, true)
        update { $0.settings.disabled.insert(id) }
        await settle(id)
    }

    /// Forgets failures and crashes of a plugin, and tries it again; what was found before does not count.
    ///
    /// - Throws: as `enable`.
    func retry(_ id: String) async throws {
        let entry = try checkExists(id)
        if entry.state == .disabled {
            throw PluginActionError.senseless("The plugin \(id) is switched off; enable it instead.")
        }
        if entry.state == .quarantined, entry.code == .changed {
            throw PluginActionError.senseless(
                "The file of \(id) has changed; accept it instead, or put the old one back."
            )
        }
        // What works is not taken apart.
        if entry.state != .active || entry.mayBeRetried, entry.state != .crashed {
            let hashes = read { $0.hashes(of: id) }
            try await memory.forgetFailures(of: hashes)
            update { _ = $0.forgetFailures(of: id) }
        }
        update { shelf in
            for record in shelf.records.values where shelf.id(of: record) == id { record.use?.supervised?.retry() }
        }
        try lookAnew()
        await settle(id)
    }

    /// Lets the file in that is there now, though another one is pinned.
    ///
    /// - Throws: as `enable`; `CommandFailure` when the lock cannot be written.
    func accept(_ id: String) async throws {
        try checkExists(id)
        guard places.lock != nil else {
            throw PluginActionError.senseless("Files are not pinned: start the server with --plugin-lock on for that.")
        }
        guard let hash = read({ $0.strangerHash(of: id) }) else {
            throw PluginActionError.senseless(
                "The file of \(id) is the one that is pinned; there is nothing to accept."
            )
        }
        try await BlockingWork.run { try self.pin(hash, as: id) }
        await settle(id)
    }

    /// Chooses where the code of a plugin runs.
    ///
    /// - Throws: as `enable`.
    func isolate(_ id: String, _ setting: IsolationSetting) async throws {
        try checkExists(id)
        try await memory.setIsolation(id, setting)
        update { $0.settings.isolation[id] = setting == .auto ? nil : setting }
        await settle(id)
    }

    /// Takes in that the server has died in the code of plugins.
    func blame(_ faults: [PluginFault]) async throws {
        for fault in faults { try await memory.keep(fault) }
        update { shelf in
            for fault in faults { shelf.faults[fault.sha256] = fault }
        }
    }

    private func settle(_ id: String) async { await quiet(.plugin(id), within: Self.patience) }

    @discardableResult
    private func checkExists(_ id: String) throws(PluginActionError) -> PluginEntry {
        guard let entry = entry(id) else { throw .unknown(id) }
        return entry
    }
}

extension PluginShelf {
    /// Takes over what is remembered.
    mutating func recall(_ memories: PluginMemories, _ lock: PluginLock?) {
        settings = memories.settings
        self.lock = lock
        for scan in memories.scans { scans[scan.sha256] = scan }
        for fault in memories.faults { faults[fault.sha256] = fault }
        stamps = PluginStamps(PluginEntry.list(fromJSON: memories.list))
    }

    /// The hashes of all files of a plugin.
    func hashes(of id: String) -> Set<String> {
        Set(records.values.filter { self.id(of: $0) == id }.compactMap(\.hash))
    }

    /// The hash of the best file of a plugin that the lock keeps out.
    func strangerHash(of id: String) -> String? {
        let kept = order.filter { record in
            guard self.id(of: record) == id, let hash = record.hash else { return false }
            return lock?.admits(hash, as: id) == false
        }
        return kept.max { SemanticVersion(version($0)) < SemanticVersion(version($1)) }?.hash
    }

    private func version(_ record: Record) -> String { manifest(of: record)?.version ?? "" }
}
