/// What takes its time while a file comes into the library; a hard link takes none.
enum TransferStep: Hashable, Sendable {
    /// The bytes go from the download's file into a hidden one in the library.
    case copying
    /// The hidden file is read back from its disk and compared with what was read from the download.
    case comparing
}
