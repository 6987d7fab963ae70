import CKinodockPlugin
import FoundationEssentials

/// For which contract a plugin was built: in a section of its file, and again in its table.
package struct PluginHeader: Hashable, Sendable {
    /// The most bytes that the section may have; later versions of the contract may add some.
    static let longest = 4096

    /// `KINODOCK_PLUGIN_MAGIC`.
    package let magic: UInt32
    /// The contract's major version.
    package let major: UInt16
    /// The contract's minor version that the plugin was built with.
    package let minor: UInt16
    /// The oldest minor version of the host that the plugin can work with.
    package let minHostMinor: UInt16
    /// The `KINODOCK_PLUGIN_...` values that describe its functions.
    package let flags: UInt16

    /// Reads the section's bytes; `nil` when there are too few.
    init?(section bytes: Data) {
        let reader = ELFReader(bytes: bytes)
        guard let magic = reader.word(at: 0), let major = reader.half(at: 4), let minor = reader.half(at: 6),
            let minHostMinor = reader.half(at: 8), let flags = reader.half(at: 10)
        else { return nil }
        self.magic = magic
        self.major = major
        self.minor = minor
        self.minHostMinor = minHostMinor
        self.flags = flags
    }

    /// The same from a table of any size and version: these members never move.
    init(_ table: UnsafePointer<kinodock_plugin>) {
        magic = table.pointee.magic
        major = table.pointee.major
        minor = table.pointee.minor
        minHostMinor = table.pointee.min_host_minor
        flags = table.pointee.flags
    }
}
