/// The name under which a usenet client files a download: it becomes the name of a folder there.
public enum PostName {
    /// Clients put their own words before and behind it, and file systems take 255 bytes.
    private static let mostBytes = 180

    /// What is left of a release's name when everything is replaced that a client, or the programs which it unpacks with,
    /// take for something else: parts of paths, wildcards, and passwords in braces.
    ///
    /// - Returns: a name without dots and spaces at its ends, which may be empty.
    public static func of(_ text: String) -> String {
        var name = text.unicodeScalars.reduce(into: "") { name, scalar in
            let isPlain = scalar.value >= 32 && scalar.value != 127 && !"/\\:*?\"<>|{}".unicodeScalars.contains(scalar)
            name.unicodeScalars.append(isPlain ? scalar : "_")
        }
        if name.suffix(4).lowercased() == ".nzb" { name.removeLast(4) }
        var bytes = 0
        let short = name.drop(while: isLoose).prefix { character in
            bytes += character.utf8.count
            return bytes <= mostBytes
        }
        var end = short.endIndex
        while end > short.startIndex, isLoose(short[short.index(before: end)]) { end = short.index(before: end) }
        return String(short[..<end])
    }

    /// Dots hide a folder at the begin of its name and get lost at the end.
    private static func isLoose(_ character: Character) -> Bool {
        character == "." || character.isWhitespace
    }
}
