import PluginAPI

extension Entry {
    /// The files, with paths below the download's folder.
    var downloadFiles: [DownloadFile] {
        let folder = folder.hasSuffix("/") ? folder : folder + "/"
        return files.filter { !$0.path.isEmpty }.map { file in
            DownloadFile(
                index: file.number - 1,
                path: file.path.hasPrefix(folder) ? String(file.path.dropFirst(folder.count)) : file.path,
                size: file.length,
                completed: min(file.completed, file.length),
                isWanted: file.isSelected
            )
        }
    }
}
