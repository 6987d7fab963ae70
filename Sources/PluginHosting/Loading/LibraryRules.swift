import CKinodockPlugin
import Glibc

/// What the file of a library says, as it stands there.
struct LibraryContent {
    /// The libraries that must be found when it is loaded.
    let neededLibraries: [String]
    /// Whether its code is changed when it is loaded.
    let relocatesCode: Bool
    let header: ELFFile.Content
    let manifest: ELFFile.Content
}

/// What a library must be like before it is loaded: loading runs its code.
enum LibraryRules {
    static let symbolPrefix = "kinodock_plugin_v"
    static let hostMajor = 1

    /// Checks that the file at `path` is a plugin for this machine and contract.
    static func check(_ path: String) throws(PluginRefusal) -> LibraryContent {
        // Without waiting: the file may have been replaced by a pipe since it was looked at.
        let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, let source = ELFSource(descriptor: descriptor) else {
            throw PluginRefusal(.failed, .unreadable, "\(path) cannot be read; let the server's user read it.")
        }
        let file: ELFFile
        do { file = try ELFFile(source) } catch { throw refusal(for: error, path) }
        try check(path, file)
        return LibraryContent(
            neededLibraries: file.neededLibraries,
            relocatesCode: file.relocatesCode,
            header: file.content(of: KINODOCK_HEADER_SECTION, atMost: UInt64(PluginHeader.longest), in: source),
            manifest: file.content(
                of: KINODOCK_MANIFEST_SECTION,
                atMost: UInt64(ManifestRules.longest + 1),
                in: source
            )
        )
    }

    private static func check(_ path: String, _ file: ELFFile) throws(PluginRefusal) {
        guard file.type == ELFFile.sharedObject else {
            let reason =
                "\(path) is an ELF file of type \(file.type), not a shared library (type 3); build it with -shared."
            throw PluginRefusal(.incompatible, .notALibrary, reason)
        }
        guard file.machine == ELFFile.thisMachine else {
            let (its, ours) = (ELFFile.name(ofMachine: file.machine), ELFFile.name(ofMachine: ELFFile.thisMachine))
            let reason = "\(path) is built for \(its), but this machine is \(ours); get the plugin's build for \(ours)."
            throw PluginRefusal(.incompatible, .otherMachine, reason)
        }
        try checkEntry(path, file)
    }

    private static func refusal(for fault: ELFFile.Fault, _ path: String) -> PluginRefusal {
        switch fault {
        case .notELF:
            PluginRefusal(.incompatible, .notALibrary, "\(path) is not a library (no ELF file); remove or replace it.")
        case .not64Bit:
            PluginRefusal(
                .incompatible,
                .otherMachine,
                "\(path) is a 32-bit library, but this server has 64 bits; get a 64-bit build."
            )
        case .notLittleEndian:
            PluginRefusal(
                .incompatible,
                .otherMachine,
                "\(path) is built for big-endian machines, but this one is little-endian; get the build for this one."
            )
        case .truncated:
            PluginRefusal(
                .failed,
                .truncated,
                "\(path) ends before its tables do: it is damaged or still being copied; copy it again."
            )
        }
    }

    private static func checkEntry(_ path: String, _ file: ELFFile) throws(PluginRefusal) {
        let majors = file.exports(prefix: symbolPrefix).compactMap { Int($0.dropFirst(symbolPrefix.utf8.count)) }
        if majors.contains(hostMajor) { return }
        guard let nearest = majors.min() else {
            let reason =
                "\(path) does not export \(symbolPrefix)\(hostMajor), so it is no Kinodock plugin; remove it, or export "
                + "the function as docs/plugin-authors.md shows."
            throw PluginRefusal(.incompatible, .noEntry, reason)
        }
        let reason =
            "\(path) is built for version \(nearest) of the plugin contract, but this server has version \(hostMajor); "
            + (nearest > hostMajor ? "update the server or get an older plugin." : "get a newer plugin.")
        throw PluginRefusal(.incompatible, nearest > hostMajor ? .newerMajor : .otherMajor, reason)
    }
}
