import Glibc

/// Linux calls that glibc only declares for GNU sources, which Swift's Glibc module does not ask for.
///
/// They are looked up by name, so that a C library without them gives `ENOSYS` instead of a program that does not
/// start.
enum LinuxCalls {
    typealias RenameAt2 =
        @convention(c) (CInt, UnsafePointer<CChar>?, CInt, UnsafePointer<CChar>?, CUnsignedInt) -> CInt
    typealias CopyFileRange =
        @convention(c) (
            CInt, UnsafeMutablePointer<off_t>?, CInt, UnsafeMutablePointer<off_t>?, Int, CUnsignedInt
        ) -> Int

    enum RenameFlag: CUnsignedInt {
        case noReplace = 1
        case exchange = 2
    }

    /// Renames with `flag`; answers -1 and sets `errno` as the call does.
    static func rename(_ source: String, _ target: String, _ flag: RenameFlag) -> CInt {
        guard let renameAt2 else { return unavailable() }
        return renameAt2(AT_FDCWD, source, AT_FDCWD, target, flag.rawValue)
    }

    /// Copies up to `count` bytes between the current positions of two descriptors inside the kernel, sharing blocks
    /// where the file system can; answers as `copy_file_range(2)`.
    static func copyRange(from source: CInt, to target: CInt, count: Int) -> Int {
        guard let copyFileRange else { return Int(unavailable()) }
        return copyFileRange(source, nil, target, nil, count, 0)
    }

    private static func unavailable() -> CInt {
        errno = ENOSYS
        return -1
    }

    // The types are those of the manual pages renameat2(2) and copy_file_range(2).
    private static let renameAt2 = symbol("renameat2").map { unsafeBitCast($0, to: RenameAt2.self) }
    private static let copyFileRange = symbol("copy_file_range").map { unsafeBitCast($0, to: CopyFileRange.self) }

    private static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
        dlsym(nil, name)
    }
}
