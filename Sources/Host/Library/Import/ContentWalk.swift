import Glibc

/// Looks through the files of a finished download.
///
/// Follows no link to a folder. A link to a file counts when it stays inside the content. Hidden entries, and folders
/// that storage boxes put everywhere, are passed over.
struct ContentWalk: Sendable {
    static let deepest = 10
    static let mostEntries = 20_000

    private static let foreignFolders: Set<String> = ["@eaDir", "@Recycle", "@Recently-Snapshot", "@tmp", "lost+found"]

    let files: any FileSystem
    private let root: String
    private var content = DownloadContent()
    private var entries = 0

    /// Reads everything below `path`, which is a file or a folder.
    ///
    /// - Parameter path: absolute and free of symbolic links.
    static func content(at path: String, on files: any FileSystem) throws(ImportFailure) -> DownloadContent {
        var walk = ContentWalk(files: files, root: path)
        do throws(FileError) {
            guard let status = try files.status(of: path) else {
                throw FileError(operation: "find", path: path, code: ENOENT)
            }
            if status.kind == .folder {
                try walk.visit(path, "", depth: 0)
            } else {
                try walk.look(at: path, FilePath.name(of: path), status)
            }
        } catch {
            throw ImportFailure(error)
        }
        guard walk.entries <= mostEntries else {
            throw ImportFailure(
                .tooManyFiles,
                "The download has more than \(mostEntries) files; Kinodock does not import such a collection by itself.",
                isRetryable: false
            )
        }
        walk.content.videos.sort { ($1.size, $0.relativePath) < ($0.size, $1.relativePath) }
        walk.content.subtitles.sort { $0.relativePath < $1.relativePath }
        return walk.content
    }

    private init(files: any FileSystem, root: String) {
        self.files = files
        self.root = root
    }

    private mutating func visit(_ folder: String, _ relative: String, depth: Int) throws(FileError) {
        for name in try files.names(in: folder).sorted()
        where !name.hasPrefix(".") && !Self.foreignFolders.contains(name) {
            entries += 1
            guard entries <= Self.mostEntries else { return }
            let path = FilePath.join(folder, name)
            let inside = relative.isEmpty ? name : relative + "/" + name
            guard let status = try files.status(of: path) else {
                if name.contains("\u{fffd}") { content.unreadableNames.append(inside) }
                continue
            }
            if status.kind != .folder {
                try look(at: path, inside, status)
            } else if depth < Self.deepest {
                try visit(path, inside, depth: depth + 1)
            }
        }
    }

    private mutating func look(at path: String, _ relative: String, _ status: FileStatus) throws(FileError) {
        if DangerousName.matches(relative) { content.dangerousFiles.append(relative) }
        guard let (path, status) = try ordinary(path, status) else { return }
        let ext = FilePath.fileExtension(of: relative)
        switch ext {
        case let ext? where VideoFormat.extensions.contains(ext): add(path, relative, status, ext)
        case let ext? where VideoFormat.subtitleExtensions.contains(ext):
            content.subtitles.append(.init(path: path, relativePath: relative, size: status.size, fileExtension: ext))
        case let ext? where VideoFormat.archiveExtensions.contains(ext) || Self.isRarPart(ext):
            content.archives.append(relative)
        case let ext? where VideoFormat.partialExtensions.contains(ext): content.partialFiles.append(relative)
        case let ext? where ext.count <= 4 && !ext.contains(" "): break
        default: try lookInside(path, relative, status)
        }
    }

    /// A name without an extension may still be a video.
    private mutating func lookInside(_ path: String, _ relative: String, _ status: FileStatus) throws(FileError) {
        let start = try files.read(path, from: 0, count: VideoFormat.signatureLength)
        if let ext = VideoFormat.extension(ofContent: start) { add(path, relative, status, ext) }
    }

    private mutating func add(_ path: String, _ relative: String, _ status: FileStatus, _ ext: String) {
        guard status.size > 0 else { return content.partialFiles.append(relative) }
        let release = ReleaseName(FilePath.name(of: relative))
        content.videos.append(
            .init(path: path, relativePath: relative, size: status.size, fileExtension: ext, release: release)
        )
    }

    /// The file itself, or the file inside the content that a link leads to.
    private func ordinary(_ path: String, _ status: FileStatus) throws(FileError) -> (String, FileStatus)? {
        if status.kind == .file { return (path, status) }
        guard status.kind == .symbolicLink, let real = try? files.realPath(of: path),
            FilePath.isEqualOrInside(real, root), let status = try files.status(of: real), status.kind == .file
        else { return nil }
        return (real, status)
    }

    /// "r00" to "r99", the further parts of an archive.
    private static func isRarPart(_ ext: String) -> Bool {
        ext.count == 3 && ext.hasPrefix("r") && Int(ext.dropFirst()) != nil
    }
}
