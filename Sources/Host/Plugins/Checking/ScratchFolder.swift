import FoundationEssentials
import Glibc

/// A new folder that a plugin may fill during a check.
struct ScratchFolder {
    let path: String

    /// - Returns: `nil` when none can be made.
    init?() {
        var name = Array("/tmp/kinodock-check-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { return nil }
        path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Removes the folder with what is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
