/// The file operations of an import, so that a test can make any one of them fail.
///
/// Every method blocks; run them where blocking is allowed (`BlockingExecutor`). Paths are absolute.
protocol FileSystem: Sendable {
    /// The facts about `path` itself, without following a symbolic link; `nil` when nothing is there.
    func status(of path: String) throws(FileError) -> FileStatus?

    /// The names in a folder, without `.` and `..`, in no order. Names that are not UTF-8 are repaired and then fail
    /// to open, which is reported where it happens.
    func names(in folder: String) throws(FileError) -> [String]

    /// The path without symbolic links, `.` and `..`.
    func realPath(of path: String) throws(FileError) -> String

    /// Makes a folder and those above it. One that exists is a success.
    func makeFolder(_ path: String) throws(FileError)

    /// Gives a file a second name. Fails with `EEXIST` when the name is taken.
    func link(_ source: String, to target: String) throws(FileError)

    /// Copies the bytes of a file into a new one and waits until the disk has them.
    ///
    /// - Parameter progress: called after every MiB with the bytes so far; answering `false` ends the copy with
    ///   `ECANCELED`. An unfinished target stays: the caller removes it.
    /// - Returns: the SHA-256 of what was read from the source; `nil` where the file system made the two share their
    ///   blocks, so that there is no second set of bytes.
    func copy(_ source: String, to target: String, progress: (Int64) -> Bool) throws(FileError) -> [UInt8]?

    /// The SHA-256 of a file as its disk has it, whatever of it is still in memory.
    ///
    /// - Parameter progress: as in a copy.
    func storedDigest(of path: String, progress: (Int64) -> Bool) throws(FileError) -> [UInt8]

    /// Renames, and fails with `EEXIST` when the name is taken.
    func rename(_ source: String, toNew target: String) throws(FileError)

    /// Swaps two names in one step. Fails with `EINVAL` or `ENOSYS` where the file system cannot.
    func exchange(_ first: String, with second: String) throws(FileError)

    /// Renames over whatever file has the name.
    func rename(_ source: String, over target: String) throws(FileError)

    /// Removes a file. One that is gone already is a success.
    func removeFile(_ path: String) throws(FileError)

    /// Removes a folder that is empty.
    func removeEmptyFolder(_ path: String) throws(FileError)

    /// Waits until the disk has the names in a folder.
    func syncFolder(_ path: String) throws(FileError)

    /// Bytes that this process may still write on the file system of `path`.
    func freeSpace(at path: String) throws(FileError) -> Int64

    /// Whether this process may create files in `folder`.
    func checkWritable(_ folder: String) throws(FileError)

    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(_ path: String, from offset: Int64, count: Int) throws(FileError) -> [UInt8]
}
