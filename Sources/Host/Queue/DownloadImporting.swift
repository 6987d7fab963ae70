import PluginAPI

/// Brings a finished download into the library.
protocol DownloadImporting: Sendable {
    /// Imports `item`, and records what was imported by calling `record` before the sources are let go.
    ///
    /// - Parameter progress: told in words how far a copy is, at most a few hundred times.
    /// - Parameter record: writes the files and the end of the import; answers `false` when the item is gone, which
    ///   undoes the import.
    /// - Throws: `ImportFailure`; the library is then as it was.
    func importDownload(
        _ item: QueueItem,
        progress: @escaping @Sendable (String) -> Void,
        record: @escaping @Sendable (ImportedDownload) async throws -> Bool
    ) async throws(ImportFailure)
}

/// What an import has put into the library.
struct ImportedDownload: Sendable {
    let importID: String
    /// The title that the files belong to; it may not be stored yet.
    let title: Title
    let media: QueueItem.Media
    let files: [LibraryFile]
    /// The paths of older files that the new ones take the place of.
    let replaced: [String]
}
