/// One file on its way into the library, as the journal keeps it.
struct ImportEntry: Hashable, Sendable, Codable {
    /// The same for all files of one import.
    let importID: String
    /// Counts the files of one import from 0.
    ///
    /// The pair with `importID` is unique.
    let index: Int
    let queueItemID: String
    /// Whether the database knows the target: then what it replaces, and a source that may move, can go.
    ///
    /// Until then the file system may have anything from nothing to the complete target.
    var isRecorded = false
    let source: String
    let sourceIdentity: FileIdentity
    /// In bytes; the target is complete when it has as many.
    let size: Int64
    let target: String
    /// The real path of the library folder in which the target lies.
    let root: String
    /// The hidden name next to the target: the growing copy, and after an exchange the file that was replaced.
    let temporary: String
    /// The topmost folder that has to be made for the target; `nil` when all are there.
    let newFolder: String?
    /// Whether the target was there, with the same content, before the import.
    let wasThere: Bool
    /// The file that stood at the target and is replaced; `nil` when the name was free.
    let occupant: FileIdentity?
    /// The older file of another name that goes once this one is recorded.
    let obsolete: String?
    let obsoleteIdentity: FileIdentity?
    /// Whether the source goes once the target is recorded.
    let mayMoveSource: Bool
}
