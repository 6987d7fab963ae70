import PluginAPI

/// The files of finished and failed jobs, which SABnzbd has no command to delete.
struct FinishedFiles: Sendable {
    let api: API
    let isAllowed: Bool
    let host: any HostServices

    /// Deletes what `slot` has left below SABnzbd's folders for finished downloads, if it can be seen from here.
    ///
    /// What cannot be deleted is logged: the download itself can be removed all the same.
    func delete(_ slot: HistorySlot) async throws {
        guard isAllowed, !slot.storage.isEmpty else { return }
        FinishedFolders(try await names()).deleteIfPossible(
            slot.storage,
            isExpected: slot.phase == .completed,
            client: "SABnzbd",
            host: host
        )
    }

    private func names() async throws -> [String] {
        let complete = try await api.misc(Preferences.self).complete
        let names = FolderNames(base: complete)
        let categories = try await api.categories()
        return [complete] + categories.map { names.path(of: $0.name, categories) }
    }
}

extension API {
    /// Some settings of the section `misc`.
    func misc<Settings: Decodable>(_ type: Settings.Type) async throws -> Settings {
        try await call(MiscAnswer<Settings>.self, "get_config", ["section": "misc"]).config.misc
    }
}

/// The answer to `mode=get_config` for the section `misc`.
private struct MiscAnswer<Settings: Decodable>: Decodable {
    struct Config: Decodable { var misc: Settings }
    var config: Config
}
