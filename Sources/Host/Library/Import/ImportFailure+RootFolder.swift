import Glibc

extension ImportFailure {
    /// A library folder is not there.
    static func missingRoot(_ folder: String, _ error: FileError? = nil) -> ImportFailure {
        let reason = (error ?? FileError(operation: "open", path: folder, code: ENOENT)).reason
        return ImportFailure(
            .rootFolderMissing,
            "The library folder \(folder) is not there (\(reason)). Mount its disk, or correct the root folder.",
            isRetryable: true
        )
    }

    /// A library folder is there, and this process may not change it.
    static func unwritableRoot(_ folder: String, _ error: FileError) -> ImportFailure {
        ImportFailure(
            .rootFolderNotWritable,
            "Kinodock cannot write to the library folder \(folder) (\(error.reason)). Give its user the right to do so.",
            isRetryable: true
        )
    }
}
