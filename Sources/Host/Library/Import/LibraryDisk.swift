/// Tells a library folder whose disk is not mounted from one that is empty.
///
/// A missing folder is easy to see. But the folder may be the mount point itself, which is there without the disk too:
/// then it has another device, and nothing of what the library has put there.
struct LibraryDisk: Sendable {
    /// How many of the library's files are looked for.
    private static let mostLooks = 100

    let store: Store
    let files: any FileSystem

    /// - Throws: `ImportFailure` when the folder most likely is an empty mount point. Blocks on the disk.
    func check(_ folder: String) throws(ImportFailure) {
        guard let root = try? files.realPath(of: folder), let status = try? files.status(of: root) else {
            return  // The import itself finds better words for this.
        }
        let known: [String]
        do {
            guard let device = try store.device(ofLibraryFolder: root), device != status.identity.device else { return }
            known = try store.filePaths(inside: root, limit: Self.mostLooks)
        } catch {
            throw ImportFailure(.inputOutput, "The library cannot be read: \(error)", isRetryable: true)
        }
        guard !known.isEmpty, !known.contains(where: { (try? files.status(of: $0)) != nil }) else { return }
        throw ImportFailure(
            .rootFolderMissing,
            "The library folder \(folder) is on another disk than before and has none of the library's files, so its own "
                + "disk is most likely not mounted. Mount it; if the files are gone for good, delete their titles.",
            isRetryable: true
        )
    }

    /// Remembers the disk of a folder into which something was imported just now.
    func remember(_ folder: String) async {
        guard let root = try? files.realPath(of: folder), let device = try? files.status(of: root)?.identity.device,
            (try? store.device(ofLibraryFolder: root)) != device
        else { return }
        // Without it the next import is only less well guarded.
        try? await store.setDevice(device, ofLibraryFolder: root)
    }
}
