/// The lasting memory of imports in flight.
///
/// Everything that it has answered to must survive a kill.
///
/// The order of one import:
/// 1. `begin` with every file of the import, before anything is touched;
/// 2. the host writes the files into its tables and calls `markRecorded` in the same transaction;
/// 3. `end` when the old files and moved sources are gone, or when the import is undone.
protocol ImportJournal: Sendable {
    /// Stores all entries of a new import, or none.
    func begin(_ entries: [ImportEntry]) async throws

    /// Notes that the library's tables know all files of an import.
    func markRecorded(_ importID: String) async throws

    /// Forgets an import. One that is unknown is a success.
    func end(_ importID: String) async throws

    /// Everything that has begun and not ended, ordered by import and index.
    func entries() async throws -> [ImportEntry]

    /// The same of one queue item.
    func entries(of queueItemID: String) async throws -> [ImportEntry]

    /// The files in the library's tables that are at one of `paths` or have a subtitle there.
    func recordedFiles(at paths: [String]) async throws -> [LibraryFile]
}
