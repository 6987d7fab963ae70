/// Why a finished download is not in the library, in words that tell the user what to do.
struct ImportFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    enum Code: String, Hashable, Sendable, Codable, CaseIterable {
        /// The client does not say that the download is complete.
        case notComplete
        /// This machine does not see what the client names.
        case pathNotVisible
        /// The path is the client's whole folder, lies in the library, or leads elsewhere.
        case pathRefused
        case rootFolderMissing
        case rootFolderNotWritable
        case permissionDenied
        case notEnoughSpace
        case noVideo
        /// Only archives: the client has to unpack.
        case stillPacked
        case dangerousFile
        case sampleOnly
        /// One movie in several files.
        case severalParts
        case tooManyFiles
        /// No file is one of the wanted episodes.
        case notMatched
        /// Another file has the name already.
        case targetExists
        case sourceMissing
        /// The source changed while it was read.
        case sourceChanged
        case cancelled
        /// The disk, the network share or the journal failed.
        case inputOutput
        /// The naming template does not give a name.
        case badName
    }

    let code: Code
    let message: String
    /// Whether the same import may succeed later by itself.
    let isRetryable: Bool

    init(_ code: Code, _ message: String, isRetryable: Bool) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }

    var description: String { message }
}
