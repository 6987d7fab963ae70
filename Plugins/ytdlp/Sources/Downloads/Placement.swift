import CYtDlp
import PluginAPI

/// Where the files of a finished download go: one file to where its name says, several into a folder of their own.
struct Placement: Sendable {
    let moves: [Download.Move]
    /// The file or the folder, relative to the download's folder.
    let content: String

    private static let mostTries = 1000

    /// Plans for `files`, so that nothing that is there already is touched.
    ///
    /// - Parameter isTaken: whether there is something at a path relative to the download's folder.
    /// - Returns: `nil` without files, or when no name is free.
    init?(of files: [Download.File], name: String, isTaken: (String) -> Bool) {
        let paths = files.map(\.path)
        guard let first = paths.first else { return nil }
        if paths.count == 1 {
            let (stem, suffix) = Self.split(first)
            guard let target = Self.free(stem, suffix, isTaken) else { return nil }
            moves = [Download.Move(from: first, to: target)]
            content = target
            return
        }
        let folder = Self.commonFolder(paths)
        let own = folder + Self.commonName(paths.map { String($0.dropFirst(folder.count)) }, else: name)
        guard let target = Self.free(own, "", isTaken) else { return nil }
        moves = paths.map { Download.Move(from: $0, to: target + "/" + $0.dropFirst(folder.count)) }
        content = target
    }

    private static func free(_ stem: String, _ suffix: String, _ isTaken: (String) -> Bool) -> String? {
        ([stem + suffix] + (2...mostTries).lazy.map { "\(stem) (\($0))\(suffix)" }).first { !isTaken($0) }
    }

    /// The path without the extension of the file, and the extension with its dot.
    private static func split(_ path: String) -> (String, String) {
        let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        guard let dot = path.lastIndex(of: "."), dot > start else { return (path, "") }
        return (String(path[..<dot]), String(path[dot...]))
    }

    /// The folders that all files are in, with a slash at the end; empty when there are none.
    private static func commonFolder(_ paths: [String]) -> String {
        var folder = paths[0].lastIndex(of: "/").map { paths[0][...$0] } ?? ""
        while !folder.isEmpty, !paths.allSatisfy({ $0.hasPrefix(folder) }) {
            folder = folder.dropLast().lastIndex(of: "/").map { folder[...$0] } ?? ""
        }
        return String(folder)
    }

    /// What the names of the files, without their extensions, begin with.
    private static func commonName(_ names: [String], else fallback: String) -> String {
        let stems = names.map { split($0).0 }
        var common = stems[0][...]
        while !common.isEmpty, !stems.allSatisfy({ $0.hasPrefix(common) }) { common = common.dropLast() }
        let plain = common.prefix { $0 != "/" }
        let end = plain.lastIndex { !" .-_([".contains($0) }
        // A few letters are chance, as in the numbers of chapters.
        if let shared = end.map({ plain[...$0] }), shared.count >= 4 || stems.contains(String(shared)) {
            return String(shared)
        }
        let name = fallback.filter { $0 != "/" && $0 != "\0" }.drop { $0 == "." }
        return name.isEmpty ? "download" : String(name.prefix(60))
    }
}

extension Placement {
    /// Brings files to their place; those that are there already, from an earlier try, are passed over.
    ///
    /// - Throws: `PluginError` with what the system says; a later call goes on.
    static func move(_ moves: [Download.Move], from work: String, to folder: String) throws {
        for move in moves {
            let source = work + "/" + move.from, target = folder + "/" + move.to
            guard FileTree.exists(source) else { continue }
            let parent = String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)])
            try PrivateFile.makeFolder(parent, mode: 0o777)
            let code = ytdlp_rename_new(source, target)
            guard code == 0 else { throw PrivateFile.failure(target, code) }
        }
    }
}
