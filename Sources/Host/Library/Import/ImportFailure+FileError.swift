import Glibc

extension ImportFailure {
    /// What a refusal of the operating system means for an import.
    init(_ error: FileError) {
        switch error.code {
        case EACCES, EPERM, EROFS:
            self.init(
                .permissionDenied,
                "Kinodock \(error). Give the user that runs Kinodock the right to do that, then retry.",
                isRetryable: true
            )
        case ENOSPC, EDQUOT:
            self.init(
                .notEnoughSpace,
                "Kinodock \(error). Free some space; the import is tried again by itself.",
                isRetryable: true
            )
        case EEXIST:
            self.init(
                .targetExists,
                "\(error.path) appeared while it was being imported. Remove or rename it, then retry.",
                isRetryable: true
            )
        case ECANCELED: self = .cancelled
        case EBADMSG:
            self.init(
                .inputOutput,
                "Kinodock cannot \(error.operation) \(error.path): the copy differs from the download, so it was thrown "
                    + "away. Check the disk of the library and the memory of this machine; the import is tried again by "
                    + "itself.",
                isRetryable: true
            )
        case ENAMETOOLONG:
            self.init(
                .badName,
                "Kinodock \(error). Give the title a shorter name, then retry.",
                isRetryable: false
            )
        case ESTALE:
            self.init(
                .sourceChanged,
                "\(error.path) changed while it was read. The import is tried again by itself.",
                isRetryable: true
            )
        case ENOENT, ENOTDIR:
            self.init(.sourceMissing, "Kinodock \(error). Check the download in its client.", isRetryable: true)
        default:
            self.init(
                .inputOutput,
                "Kinodock \(error). Check the disk; the import is tried again by itself.",
                isRetryable: true
            )
        }
    }
}
