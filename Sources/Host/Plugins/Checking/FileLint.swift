import CKinodockPlugin
import Glibc
import PluginAPI
import PluginHosting

/// Finds what is wrong with a plugin's file as it lies there, without running it.
enum FileLint {
    typealias Finding = PluginLint.Finding

    /// More than this in bytes is looked at twice: the server and each runner read it as a whole.
    static let large = 256 << 20
    /// Names of missing symbols that are told one by one.
    private static let mostNames = 20

    static func findings(in preview: PluginPreview, at path: String) -> [Finding] {
        size(of: path) + sections(of: preview) + dependencies(LoaderTrace(of: path))
    }

    private static func size(of path: String) -> [Finding] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > large else { return [] }
        let words =
            "The file has \(status.st_size >> 20) MiB. Strip its debug symbols (strip --strip-debug), and leave out data that "
            + "can be fetched."
        return [PluginLint.warning("too_large", words)]
    }

    private static func sections(of preview: PluginPreview) -> [Finding] {
        var found: [Finding] = []
        if preview.header == nil {
            let words =
                "The file has no section \(KINODOCK_HEADER_SECTION), so the server has to run it to learn for which contract "
                + "it is. KINODOCK_EXPORT_PLUGIN in C, and the SDK for Swift, put it there."
            found.append(PluginLint.warning("no_header", words))
        }
        if preview.manifest == nil {
            let words =
                "The file has no section \(KINODOCK_MANIFEST_SECTION), so the server cannot show its name while it is off. "
                + "KINODOCK_EXPORT_PLUGIN in C puts it there; in Swift: kinodock check --manifest FILE.so > m.json; objcopy "
                + "--add-section \(KINODOCK_MANIFEST_SECTION)=m.json FILE.so"
            found.append(PluginLint.warning("no_manifest_section", words))
        }
        return found
    }

    static func dependencies(_ trace: LoaderTrace?) -> [Finding] {
        guard let trace else { return [] }
        var found = trace.missingLibraries.map { name in
            let words =
                "The library \(name) is not installed. Install the package that has it (apt-file search \(name)), or link it "
                + "statically."
            return PluginLint.error("missing_library", words)
        }
        found += trace.missingVersions.map { line in
            let words =
                "An installed library is older than the one that the plugin was linked with: \(line). Build the plugin on the "
                + "oldest system that it is for."
            return PluginLint.error("missing_version", words)
        }
        // What a library would have given that is not there needs no words of its own.
        guard trace.missingLibraries.isEmpty else { return found }
        found += trace.missingSymbols.prefix(mostNames).map { name in
            let words =
                "No library gives \(name). Link the one that has it (-l...), compile the file that defines it in, or correct its "
                + "name; the server itself gives a plugin no symbols. Linking with -Wl,-z,defs finds this when it is built."
            return PluginLint.error("missing_symbol", words)
        }
        if trace.missingSymbols.count > mostNames {
            let words = "\(trace.missingSymbols.count - mostNames) more symbols are missing; mend the first ones."
            found.append(PluginLint.error("missing_symbol", words))
        }
        return found
    }
}
