import FoundationEssentials
import Glibc

/// The file `plugins.lock` in the data folder.
struct PluginLockFile: Sendable {
    let path: String

    /// What stands in the file; nothing when there is none.
    ///
    /// - Throws: `CommandFailure` that names the line at fault: a lock that cannot be read must not count as open.
    func read() throws -> PluginLock {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            guard access(path, F_OK) != 0 && errno == ENOENT else {
                throw CommandFailure("The plugin lock \(path) cannot be read: \(error.words)")
            }
            return PluginLock()
        }
        do {
            return try PluginLock(String(decoding: data, as: UTF8.self))
        } catch {
            throw CommandFailure(
                "\(path), line \(error.line): expected `<64 hexadecimal digits>  <plugin id>`, found \"\(error.text)\". "
                    + "Repair the line, or remove it to let in the file that is there now."
            )
        }
    }

    /// Replaces the file as a whole.
    func write(_ lock: PluginLock) throws {
        do {
            try Data(lock.text.utf8).write(to: URL(filePath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw CommandFailure("The plugin lock \(path) cannot be written: \(error.words)")
        }
    }
}
