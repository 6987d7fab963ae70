import FoundationEssentials
import PluginAPI

/// Removes downloads, and their files where that is wished and possible.
///
/// aria2 never deletes what it has downloaded. The plugin does it instead, but only the very files that aria2 lists, below
/// the folder that it names, and only where they lie under the same path for both.
struct DownloadRemover: Sendable {
    private static let ending = (tries: 50, pause: Duration.milliseconds(100))

    let rpc: RPC
    let settings: Aria2Settings
    let sleep: @Sendable (Duration) async throws -> Void

    /// - Throws: `PluginError` with `.unsupported`, before anything is removed, when the files are to be deleted and are not
    ///   seen here.
    func remove(_ id: DownloadID, deletingData: Bool) async throws {
        guard let row = try await rpc.entries().rows[id.text] else { return }
        let content = deletingData ? try DownloadedContent(row.entry) : nil
        if let content, content.holdsBytes {
            guard settings.deletesData, content.isVisible else { throw refusal(content) }
        }
        for gid in row.gids {
            // Of what has ended there is only the record, of what runs there is none yet.
            try await ignoringMissing { try await rpc.call(.init("forceRemove", .string(gid))) }
        }
        try await waitForEnd(of: row)
        for gid in row.gids {
            try await ignoringMissing { try await rpc.call(.init("removeDownloadResult", .string(gid))) }
        }
        try content?.delete()
    }

    private func refusal(_ content: DownloadedContent) -> PluginError {
        let reason =
            settings.deletesData
            ? "Kinodock does not see \(content.path) under the path that aria2 gives."
            : "The settings of this client forbid Kinodock to do it."
        return PluginError(
            .unsupported,
            "aria2 cannot delete files by itself. \(reason) Remove the download without its data, then delete the files."
        )
    }

    private func waitForEnd(of row: EntryTable.Row) async throws {
        for _ in 0..<Self.ending.tries {
            guard let now = try await rpc.entries().rows[row.id]?.entry, !now.isStopped else { return }
            try await sleep(Self.ending.pause)
        }
        throw PluginError(.remoteFailure, "aria2 does not end this download. Try again.", retryAfter: 5)
    }

    private func ignoringMissing(_ order: () async throws -> Void) async throws {
        do {
            try await order()
        } catch let error as PluginError where error.code == .notFound || error.code == .remoteFailure {
            return
        }
    }
}
