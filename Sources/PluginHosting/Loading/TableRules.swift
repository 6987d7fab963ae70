import CKinodockPlugin
import FoundationEssentials
import Glibc
import PluginAPI

/// What the table must be like that a plugin's entry returns, in the order in which it may be read at all.
enum TableRules {
    /// - Parameter preview: what the file says of itself, which must be the same.
    static func check(
        _ table: UnsafePointer<kinodock_plugin>?,
        of candidate: PluginCandidate,
        preview: PluginPreview
    ) throws(PluginRefusal) -> (functions: PluginFunctions, manifest: PluginManifest, minor: UInt16) {
        let path = candidate.path
        guard let table else {
            throw PluginRefusal(.failed, .noTable, "\(path) gave no table; ask its author for a working build.")
        }
        let header = PluginHeader(table)
        try HeaderRules.checkMagic(of: header, in: "its table", path)
        try checkSize(table.pointee.size, path)
        try HeaderRules.checkVersions(of: header, path)
        let functions = try functions(of: table, path)
        let manifest = try ManifestRules.read(text(of: table.pointee.manifest, path), for: candidate)
        try preview.check(header, manifest, path)
        return (functions, manifest, table.pointee.minor)
    }

    private static func checkSize(_ size: UInt32, _ path: String) throws(PluginRefusal) {
        let least = UInt32(KINODOCK_PLUGIN_SIZE_V1)
        guard size < least else { return }
        let reason =
            "\(path) has a table of \(size) bytes, but version 1 of the contract has \(least); build it with "
            + "kinodock_plugin.h and set size to sizeof(kinodock_plugin)."
        throw PluginRefusal(.incompatible, .shortTable, reason)
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
        let length = strnlen(manifest, ManifestRules.longest + 1)
        guard length <= ManifestRules.longest else { throw ManifestRules.tooLong(path) }
        return Data(bytes: manifest, count: length)
    }
}
