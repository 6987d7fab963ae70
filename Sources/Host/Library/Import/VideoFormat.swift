/// How files are recognised by their names and their first bytes.
enum VideoFormat {
    /// The media types of videos by the endings of their names, in lower case.
    private static let mediaTypes = [
        "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mkv": "video/x-matroska",
        "avi": "video/x-msvideo", "divx": "video/x-msvideo", "mov": "video/quicktime", "wmv": "video/x-ms-wmv",
        "asf": "video/x-ms-asf", "flv": "video/x-flv", "mpg": "video/mpeg", "mpeg": "video/mpeg", "vob": "video/mpeg",
        "ts": "video/mp2t", "m2ts": "video/mp2t", "mts": "video/mp2t", "ogv": "video/ogg", "ogm": "video/ogg",
        "3gp": "video/3gpp", "rmvb": "application/vnd.rn-realmedia-vbr",
    ]

    static let extensions = Set(mediaTypes.keys)

    /// The media type for the name of a file, or that of unknown bytes.
    static func mediaType(of path: String) -> String {
        FilePath.fileExtension(of: path).flatMap { mediaTypes[$0] } ?? "application/octet-stream"
    }

    static let subtitleExtensions: Set<String> = ["srt", "ass", "ssa", "vtt", "sub", "idx"]

    static let archiveExtensions: Set<String> = ["rar", "zip", "7z"]

    /// Names that a client gives to what is not complete.
    static let partialExtensions: Set<String> = ["!qb", "!ut", "part", "crdownload", "aria2", "bc!", "incomplete"]

    /// Programs and links that start programs; never part of an honest video.
    static let dangerousExtensions: Set<String> = [
        "arj", "lnk", "lzh", "ps1", "scr", "vbs", "zipx", "bat", "cmd", "exe", "sh", "pif", "hta", "cpl", "jse", "vbe",
        "wsf", "scf", "msi",
    ]

    /// Harmless by themselves, dangerous behind the extension of a video, as in "film.mkv.com".
    static let disguises: Set<String> = [
        "com", "jar", "js", "reg", "dll", "url", "desktop", "app", "apk",
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
