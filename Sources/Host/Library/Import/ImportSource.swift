import PluginAPI

/// Finds the content of a finished download on this machine and refuses what is not the download's own.
struct ImportSource: Sendable {
    let files: any FileSystem

    /// The files of the download.
    func content(of request: ImportRequest) throws(ImportFailure) -> DownloadContent {
        guard request.isComplete else {
            throw ImportFailure(
                .notComplete,
                "The client does not say that the download is complete. The import waits until it does.",
                isRetryable: true
            )
        }
        let place = try locate(request)
        let content = try ContentWalk.content(at: place, on: files)
        guard let list = request.files, !list.isEmpty else { return content }
        return try restrict(content, at: place, to: list, request)
    }

    /// The real path of the content.
    private func locate(_ request: ImportRequest) throws(ImportFailure) -> String {
        guard let remote = request.contentPath, !remote.isEmpty else {
            throw ImportFailure(
                .pathNotVisible,
                "The client does not tell where the download is. The import is tried again by itself.",
                isRetryable: true
            )
        }
        let mapped = request.mappings.resolve(remote)
        guard mapped.local.hasPrefix("/") else { throw notVisible(mapped, "is not a path of this machine") }
        guard !mapped.local.contains("\0"), !FilePath.components(mapped.local).contains("..") else {
            throw refused("The client's path \(remote) has `..` in it.")
        }
        let place: String
        do throws(FileError) {
            place = try files.realPath(of: mapped.local)
        } catch {
            throw notVisible(mapped, error.reason)
        }
        try refuseForeign(place, request)
        return place
    }

    private func notVisible(_ path: MappedPath, _ reason: String) -> ImportFailure {
        let words =
            path.isMapped
            ? "The client says that the download is at \(path.remote). The path mapping makes that \(path.local), which "
                + "Kinodock cannot open (\(reason)). Correct the path mapping of the client, or the rights on the folder."
            : "The client says that the download is at \(path.remote), which Kinodock cannot open (\(reason)). If the "
                + "client runs on another machine or in a container, add a path mapping from its folder to the folder as "
                + "Kinodock sees it."
        return ImportFailure(.pathNotVisible, words, isRetryable: true)
    }

    private func refused(_ words: String) -> ImportFailure {
        ImportFailure(.pathRefused, words + " Nothing was imported.", isRetryable: false)
    }

    private func refuseForeign(_ place: String, _ request: ImportRequest) throws(ImportFailure) {
        if place == "/" { throw refused("The client names the root of the disk as the download.") }
        let hasList = request.files?.isEmpty == false
        if let root = saveFolder(request), FilePath.isEqualOrInside(root, place) {
            guard hasList, FilePath.isEqualOrInside(place, root) else {
                throw refused(
                    "The download's path \(place) is the client's whole download folder, which may hold other downloads too. "
                        + "Let the client make a folder for each download."
                )
            }
        }
        for folder in request.libraryFolders + [request.rootFolder] {
            let library = (try? files.realPath(of: folder)) ?? folder
            if FilePath.isEqualOrInside(place, library) {
                throw refused(
                    "The download's path \(place) lies inside the library folder \(library). Let the client save elsewhere."
                )
            }
            if FilePath.isEqualOrInside(library, place) {
                throw refused(
                    "The download's path \(place) holds the library folder \(library). Let the client save elsewhere."
                )
            }
        }
    }

    private func saveFolder(_ request: ImportRequest) -> String? {
        guard let savePath = request.savePath, !savePath.isEmpty else { return nil }
        let local = request.mappings.resolve(savePath).local
        return (try? files.realPath(of: local)) ?? local
    }

    /// Leaves what the client lists as wanted and complete.
    ///
    /// Parts of unwanted files may lie around, too.
    private func restrict(
        _ content: DownloadContent,
        at place: String,
        to list: [DownloadFile],
        _ request: ImportRequest
    ) throws(ImportFailure) -> DownloadContent {
        guard let root = saveFolder(request) else { return content }
        var complete: Set<String> = []
        var listed: Set<String> = []
        for file in list {
            guard let path = try? SafePath(file.path).resolve(inside: root, on: files) else { continue }
            listed.insert(path)
            if file.isWanted, file.completed >= file.size { complete.insert(path) }
        }
        // A list that fits nothing is in other words than the disk (the client renamed on completion).
        guard content.videos.contains(where: { listed.contains($0.path) }) else {
            guard place != root else { throw refused("None of the files that the client lists is in \(root).") }
            return content
        }
        var result = content
        result.videos.removeAll { !complete.contains($0.path) }
        result.subtitles.removeAll { !complete.contains($0.path) }
        // In a folder of several downloads, what is wrong with another one is not wrong with this.
        if place == root { result.dangerousFiles.removeAll { !listed.contains(FilePath.join(root, $0)) } }
        guard !result.videos.isEmpty else {
            throw ImportFailure(
                .notComplete,
                "The client lists the download's videos as incomplete. Check the download in its client, then retry.",
                isRetryable: true
            )
        }
        return result
    }
}
