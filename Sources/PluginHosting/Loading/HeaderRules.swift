import CKinodockPlugin
import FoundationEssentials

/// What a plugin must say of the contract that it was built for.
enum HeaderRules {
    /// Reads and checks the section of a file; `nil` when it has none.
    static func read(_ content: ELFFile.Content, _ path: String) throws(PluginRefusal) -> PluginHeader? {
        switch content {
        case .absent: return nil
        case .tooLong(let size): throw badSize(Int(clamping: size), path)
        case .bytes(let bytes):
            guard let header = PluginHeader(section: bytes) else { throw badSize(bytes.count, path) }
            try checkMagic(of: header, in: "its section \(KINODOCK_HEADER_SECTION)", path)
            try checkVersions(of: header, path)
            return header
        }
    }

    /// - Parameter place: where the mark was read, for people.
    static func checkMagic(of header: PluginHeader, in place: String, _ path: String) throws(PluginRefusal) {
        let expected = UInt32(KINODOCK_PLUGIN_MAGIC)
        guard header.magic != expected else { return }
        let (its, ours) = (String(header.magic, radix: 16), String(expected, radix: 16))
        let reason = "\(path) has the mark 0x\(its) in \(place), not 0x\(ours); build it with kinodock_plugin.h."
        throw PluginRefusal(.incompatible, .wrongMagic, reason)
    }

    static func checkVersions(of header: PluginHeader, _ path: String) throws(PluginRefusal) {
        guard header.major == UInt16(KINODOCK_ABI_MAJOR) else {
            let reason =
                "\(path) says that it follows version \(header.major) of the contract, but this server has version "
                + "\(KINODOCK_ABI_MAJOR); get a build of the plugin for version \(KINODOCK_ABI_MAJOR)."
            throw PluginRefusal(.incompatible, .otherMajor, reason)
        }
        guard header.minHostMinor <= UInt16(KINODOCK_ABI_MINOR) else {
            let reason =
                "\(path) needs version 1.\(header.minHostMinor) of the contract or later, but this server has "
                + "1.\(KINODOCK_ABI_MINOR); update the server or get an older plugin."
            throw PluginRefusal(.incompatible, .hostTooOld, reason)
        }
    }

    private static func badSize(_ size: Int, _ path: String) -> PluginRefusal {
        let reason =
            "\(path) has a section \(KINODOCK_HEADER_SECTION) of \(size) bytes, but it has from "
            + "\(MemoryLayout<kinodock_header>.size) to \(PluginHeader.longest); build it with kinodock_plugin.h."
        return PluginRefusal(.failed, .badHeader, reason)
    }
}
