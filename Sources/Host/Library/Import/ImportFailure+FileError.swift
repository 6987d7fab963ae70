import Glibc

extension ImportFailure {
    /// What a refusal of the operating system means for an import.
    init(_ error: FileError) {
        let refusal = "Kinodock \(error)."
        switch error.code {
        case EACCES, EPERM, EROFS:
            self = .passing(
                .permissionDenied,
                "\(refusal) Give the user that runs Kinodock the right to do that, then retry."
            )
        case ENOSPC, EDQUOT:
            self = .passing(.notEnoughSpace, "\(refusal) Free some space; the import is tried again by itself.")
        case EEXIST:
            self = .passing(
                .targetExists,
                "\(error.path) appeared while it was being imported. Remove or rename it, then retry."
            )
        case ECANCELED: self = .cancelled
        case EBADMSG:
            self = .passing(
                .inputOutput,
                "Kinodock cannot \(error.operation) \(error.path): the copy differs from the download, so it was thrown "
                    + "away. Check the disk of the library and the memory of this machine; the import is tried again by "
                    + "itself."
            )
        case ENAMETOOLONG:
            self.init(.badName, "\(refusal) Give the title a shorter name, then retry.", isRetryable: false)
        case ESTALE:
            self = .passing(
                .sourceChanged,
                "\(error.path) changed while it was read. The import is tried again by itself."
            )
        case ENOENT, ENOTDIR: self = .passing(.sourceMissing, "\(refusal) Check the download in its client.")
        default: self = .passing(.inputOutput, "\(refusal) Check the disk; the import is tried again by itself.")
        }
    }

    /// One that may be over at the next try.
    private static func passing(_ code: Code, _ message: String) -> ImportFailure {
        ImportFailure(code, message, isRetryable: true)
    }
}
