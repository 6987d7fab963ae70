/// How files are recognised by their names and their first bytes.
enum VideoFormat {
    /// In lower case.
    static let extensions: Set<String> = [
        "mkv", "mp4", "avi", "m4v", "mov", "wmv", "mpg", "mpeg", "m2ts", "ts", "webm", "flv", "vob",
    ]

    static let subtitleExtensions: Set<String> = ["srt", "ass", "ssa", "vtt", "sub", "idx"]

    static let archiveExtensions: Set<String> = ["rar", "zip", "7z"]

    /// Names that a client gives to what is not complete.
    static let partialExtensions: Set<String> = ["!qb", "!ut", "part", "crdownload", "aria2", "bc!", "incomplete"]

    /// Programs and links that start programs; never part of an honest video.
    static let dangerousExtensions: Set<String> = [
        "arj", "lnk", "lzh", "ps1", "scr", "vbs", "zipx", "bat", "cmd", "exe", "sh",
    ]

    /// Harmless by themselves, dangerous behind the extension of a video, as in "film.mkv.com".
    static let disguises: Set<String> = [
        "com", "pif", "msi", "jar", "js", "jse", "vbe", "wsf", "hta", "cpl", "reg", "dll", "url", "desktop", "app",
        "apk",
    ]

    /// The bytes that `extension(ofContent:)` wants to see.
    static let signatureLength = 12

    /// The extension for a file that has none, by its first bytes; `nil` when it is not a known video.
    static func `extension`(ofContent bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x1a, 0x45, 0xdf, 0xa3]) { return "mkv" }
        if bytes.starts(with: Array("FLV".utf8)) { return "flv" }
        guard bytes.count >= signatureLength else { return nil }
        if bytes[4..<8].elementsEqual("ftyp".utf8) { return "mp4" }
        if bytes.starts(with: Array("RIFF".utf8)), bytes[8..<12].elementsEqual("AVI ".utf8) { return "avi" }
        return nil
    }
}
