import Glibc

/// A Linux call that glibc only declares for GNU sources, which Swift's Glibc module does not ask for.
///
/// It is looked up by name, so that a C library without it gives `ENOSYS` instead of a program that does not start.
enum LinuxCalls {
    typealias RenameAt2 =
        @convention(c) (CInt, UnsafePointer<CChar>?, CInt, UnsafePointer<CChar>?, CUnsignedInt) -> CInt

    enum RenameFlag: CUnsignedInt {
        case noReplace = 1
        case exchange = 2
    }

    /// Renames with `flag`; answers -1 and sets `errno` as the call does.
    static func rename(_ source: String, _ target: String, _ flag: RenameFlag) -> CInt {
        guard let renameAt2 else {
            errno = ENOSYS
            return -1
        }
        return renameAt2(AT_FDCWD, source, AT_FDCWD, target, flag.rawValue)
    }

    // The type is that of the manual page renameat2(2).
    private static let renameAt2 = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: RenameAt2.self) }
}
