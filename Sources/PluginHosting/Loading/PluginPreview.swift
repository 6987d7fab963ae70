import CKinodockPlugin
import FoundationEssentials
package import PluginAPI

/// What a plugin's file says of itself, read without running anything of it.
///
/// Files of version 1.0 of the contract say nothing; what they are is known when their code has run.
package struct PluginPreview: Hashable, Sendable {
    /// `nil` when the file has no such section.
    package let header: PluginHeader?
    /// `nil` when the file has no such section.
    package let manifest: PluginManifest?
    /// The libraries that must be found when the file is loaded.
    package let neededLibraries: [String]
    /// Whether its code is changed when it is loaded.
    let relocatesCode: Bool

    /// What a file would say that has this in its sections.
    package init(
        header: PluginHeader? = nil,
        manifest: PluginManifest? = nil,
        neededLibraries: [String] = [],
        relocatesCode: Bool = true
    ) {
        self.header = header
        self.manifest = manifest
        self.neededLibraries = neededLibraries
        self.relocatesCode = relocatesCode
    }

    /// Looks at the file of `candidate`: who may change it, for which machine and contract it is, and what it says.
    ///
    /// - Throws: the refusal of a file that would be refused when it is loaded, as far as that can be told.
    package static func read(_ candidate: PluginCandidate) throws(PluginRefusal) -> PluginPreview {
        try FileRules.check(candidate)
        let content = try LibraryRules.check(candidate.path)
        return PluginPreview(
            header: try HeaderRules.read(content.header, candidate.path),
            manifest: try manifest(content.manifest, of: candidate),
            neededLibraries: content.neededLibraries,
            relocatesCode: content.relocatesCode
        )
    }

    private static func manifest(
        _ content: ELFFile.Content,
        of candidate: PluginCandidate
    ) throws(PluginRefusal) -> PluginManifest? {
        switch content {
        case .absent: return nil
        case .tooLong: throw ManifestRules.tooLong(candidate.path)
        case .bytes(let bytes):
            // The section holds a text of C with the NUL at its end, or a file without one.
            let length = (bytes.lastIndex { $0 != 0 } ?? bytes.startIndex - 1) - bytes.startIndex + 1
            return try ManifestRules.read(bytes.prefix(length), for: candidate)
        }
    }

    /// Checks that a plugin's code says what its file says.
    ///
    /// - Throws: a refusal with the code `.manifestDiffers` that names both values.
    func check(_ table: PluginHeader, _ code: PluginManifest, _ path: String) throws(PluginRefusal) {
        if let header, header != table {
            throw differs(path, KINODOCK_HEADER_SECTION, Self.words(header), Self.words(table))
        }
        if let manifest, manifest != code {
            let (its, other) = Self.difference(manifest, code)
            throw differs(path, KINODOCK_MANIFEST_SECTION, its, other)
        }
    }

    private func differs(_ path: String, _ section: String, _ its: String, _ other: String) -> PluginRefusal {
        let reason =
            "\(path) says \(its) in its section \(section), but its code says \(other). Build it again so that both come "
            + "from one text: KINODOCK_EXPORT_PLUGIN does that in C, `kinodock check --manifest` with objcopy in Swift."
        return PluginRefusal(.failed, .manifestDiffers, reason)
    }

    private static func words(_ header: PluginHeader) -> String {
        "version \(header.major).\(header.minor) for hosts from 1.\(header.minHostMinor) with flags \(header.flags)"
    }

    /// The first thing in which two manifests differ, in words for each.
    private static func difference(_ one: PluginManifest, _ other: PluginManifest) -> (String, String) {
        if one.id != other.id { return ("the id \(one.id)", "\(other.id)") }
        if one.version != other.version { return ("version \(one.version)", "version \(other.version)") }
        if one.kinds != other.kinds { return ("the kinds \(list(one.kinds))", "\(list(other.kinds))") }
        if one.settings.version != other.settings.version {
            return ("version \(one.settings.version) of the settings", "version \(other.settings.version)")
        }
        let fields = zip(one.settings.fields, other.settings.fields)
        if let (first, second) = fields.first(where: { $0 != $1 }) {
            return ("one thing of the setting \(first.key)", "another of the setting \(second.key)")
        }
        if one.settings != other.settings { return ("one thing of the settings", "another") }
        return ("one name, description or link", "another")
    }

    private static func list(_ kinds: [Open<PluginManifest.Kind>]) -> String {
        kinds.map(\.text).joined(separator: ", ")
    }
}
