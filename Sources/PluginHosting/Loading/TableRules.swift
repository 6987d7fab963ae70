import CKinodockPlugin
import FoundationEssentials
import Glibc
import PluginAPI

/// What the table must be like that a plugin's entry returns, in the order in which it may be read at all.
enum TableRules {
    /// The longest manifest in bytes.
    static let longestManifest = 1 << 20

    static func check(
        _ table: UnsafePointer<kinodock_plugin>?,
        of candidate: PluginCandidate
    ) throws(PluginRefusal) -> (functions: PluginFunctions, manifest: PluginManifest, minor: UInt16) {
        let path = candidate.path
        guard let table else {
            throw PluginRefusal(.failed, .noTable, "\(path) gave no table; ask its author for a working build.")
        }
        try checkMagic(table.pointee.magic, path)
        try checkSize(table.pointee.size, path)
        try checkVersions(table.pointee.major, table.pointee.min_host_minor, path)
        let functions = try functions(of: table, path)
        let manifest = try ManifestRules.read(text(of: table.pointee.manifest, path), for: candidate)
        return (functions, manifest, table.pointee.minor)
    }

    private static func checkMagic(_ magic: UInt32, _ path: String) throws(PluginRefusal) {
        let expected = UInt32(KINODOCK_PLUGIN_MAGIC)
        guard magic != expected else { return }
        let (its, ours) = (String(magic, radix: 16), String(expected, radix: 16))
        let reason = "\(path) has the mark 0x\(its) in its table, not 0x\(ours); build it with kinodock_plugin.h."
        throw PluginRefusal(.incompatible, .wrongMagic, reason)
    }

    private static func checkSize(_ size: UInt32, _ path: String) throws(PluginRefusal) {
        let least = UInt32(KINODOCK_PLUGIN_SIZE_V1)
        guard size < least else { return }
        let reason =
            "\(path) has a table of \(size) bytes, but version 1 of the contract has \(least); build it with "
            + "kinodock_plugin.h and set size to sizeof(kinodock_plugin)."
        throw PluginRefusal(.incompatible, .shortTable, reason)
    }

    private static func checkVersions(
        _ major: UInt16,
        _ leastMinor: UInt16,
        _ path: String
    ) throws(PluginRefusal) {
        guard major == UInt16(KINODOCK_ABI_MAJOR) else {
            let reason =
                "\(path) says that it follows version \(major) of the contract, but this server has version "
                + "\(KINODOCK_ABI_MAJOR); get a build of the plugin for version \(KINODOCK_ABI_MAJOR)."
            throw PluginRefusal(.incompatible, .otherMajor, reason)
        }
        guard leastMinor <= UInt16(KINODOCK_ABI_MINOR) else {
            let reason =
                "\(path) needs version 1.\(leastMinor) of the contract or later, but this server has "
                + "1.\(KINODOCK_ABI_MINOR); update the server or get an older plugin."
            throw PluginRefusal(.incompatible, .hostTooOld, reason)
        }
    }

    private static func functions(
        of table: UnsafePointer<kinodock_plugin>,
        _ path: String
    ) throws(PluginRefusal) -> PluginFunctions {
        // Member by member: a copy of the whole would read past the end of a table of 1.0.
        guard let create = table.pointee.create else { throw missing("create", path) }
        guard let destroy = table.pointee.destroy else { throw missing("destroy", path) }
        guard let invoke = table.pointee.invoke else { throw missing("invoke", path) }
        guard let cancel = table.pointee.cancel else { throw missing("cancel", path) }
        let migrate = table.pointee.size >= UInt32(KINODOCK_PLUGIN_SIZE_V1_1) ? table.pointee.migrate : nil
        let invokeReturns = table.pointee.flags & UInt16(KINODOCK_PLUGIN_INVOKE_RETURNS) != 0
        return PluginFunctions(create, destroy, invoke, cancel, migrate: migrate, invokeReturns: invokeReturns)
    }

    private static func missing(_ function: String, _ path: String) -> PluginRefusal {
        let reason = "\(path) has no function \(function) in its table; ask its author for a working build."
        return PluginRefusal(.failed, .missingFunction, reason)
    }

    private static func text(of manifest: UnsafePointer<CChar>?, _ path: String) throws(PluginRefusal) -> Data {
        guard let manifest else {
            throw PluginRefusal(.failed, .badManifest, "\(path) has no manifest; ask its author for a working build.")
        }
        let length = strnlen(manifest, longestManifest + 1)
        guard length <= longestManifest else {
            let reason = "\(path) has a manifest of more than \(longestManifest) bytes; that is the limit."
            throw PluginRefusal(.failed, .badManifest, reason)
        }
        return Data(bytes: manifest, count: length)
    }
}
