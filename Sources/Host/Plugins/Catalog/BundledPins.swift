import FoundationEssentials
import Glibc
import PluginHosting

/// The files that came with this server.
///
/// They stand in `plugins.sha256` in the folder of the bundled plugins, as `sha256sum` writes it.
enum BundledPins {
    static let fileName = "plugins.sha256"

    /// The hashes that stand in the file of `folder`; none when there is no such file.
    ///
    /// - Throws: `CommandFailure` for a file that others could have written, or that cannot be understood. No plugin then
    ///   counts as bundled.
    static func read(in folder: String) throws -> Set<String> {
        let path = folder + "/" + fileName
        guard let status = PluginFileStatus(path) else { return [] }
        guard status.owner == geteuid() || status.owner == 0, !status.isWorldWritable else {
            throw CommandFailure(
                "\(path) can be changed by others, so no plugin counts as bundled. Run: chmod o-w \(path)"
            )
        }
        do {
            let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            return Set(try HashList(text).lines.map(\.sha256))
        } catch let fault as HashList.Fault {
            throw CommandFailure("\(path), line \(fault.line): expected a hash and a name, found \"\(fault.text)\".")
        }
    }
}
