/// Names of files that would start a program on somebody's machine.
enum DangerousName {
    static func matches(_ path: String) -> Bool {
        var name = FilePath.name(of: path)
        // Windows ignores blanks and dots at the end, so "film.exe " starts a program too.
        while let last = name.last, last == "." || last.isWhitespace { name.removeLast() }
        guard let ext = FilePath.fileExtension(of: name) else { return false }
        if VideoFormat.dangerousExtensions.contains(ext) { return true }
        guard VideoFormat.disguises.contains(ext), let inner = FilePath.fileExtension(of: FilePath.stem(of: name))
        else {
            return false
        }
        return VideoFormat.extensions.contains(inner.filter { !$0.isWhitespace })
    }
}
