import PluginAPI

/// What a user wishes for one download beside its address.
struct DownloadOptions: Hashable, Sendable, Codable {
    /// A format selection of yt-dlp.
    var format: String?
    /// The sound alone.
    var audioOnly: Bool?
    /// An output template of yt-dlp.
    var template: String?
    /// A folder below the download folder.
    var folder: String?
    /// Languages, separated by commas.
    var subtitles: String?
    /// Whether an address that is both a video and a playlist stands for the playlist.
    var playlist: Bool?
    /// Which entries of a playlist, as `--playlist-items` takes them.
    var playlistItems: String?
    var username: String?
    var password: String?
    /// Checked options of yt-dlp, with their operands behind `=`.
    var arguments: [String]?
}

extension DownloadOptions {
    /// The wishes in a request, and the cookies, which are kept apart from them.
    ///
    /// - Throws: `PluginError` with `.invalid` and the field `options.KEY` for an unknown key or a value that makes no
    ///   sense.
    static func read(_ options: [String: JSONValue]?) throws -> (options: DownloadOptions, cookies: String?) {
        var read = DownloadOptions()
        var cookies: String?
        for (key, value) in options ?? [:] where value != .null {
            let reader = Reader(key: key, value: value)
            switch key {
            case "format": read.format = try reader.text()
            case "audioOnly": read.audioOnly = try reader.flag()
            case "template": read.template = try reader.template()
            case "folder": read.folder = try reader.folder()
            case "subtitles": read.subtitles = try reader.text()
            case "playlist": read.playlist = try reader.flag()
            case "playlistItems": read.playlistItems = try reader.text()
            case "username": read.username = try reader.text()
            case "password": read.password = try reader.text()
            case "cookies": cookies = try CookiesFile.content(reader.text(allowing: 1 << 20), field: reader.field)
            case "arguments": read.arguments = try OptionText(reader.text(), field: reader.field).arguments
            default: throw reader.refusal("There is no option “\(key.prefix(50))”. There are \(known).")
            }
        }
        guard (read.username == nil) == (read.password == nil) else {
            throw PluginError(.invalid, "A user name and a password go together.", field: "options.password")
        }
        return (read, cookies)
    }

    private static let known =
        "format, audioOnly, template, folder, subtitles, playlist, playlistItems, username, password, cookies and arguments"

    private struct Reader {
        let key: String
        let value: JSONValue

        var field: String { "options.\(key)" }

        func refusal(_ words: String) -> PluginError { PluginError(.invalid, words, field: field) }

        func text(allowing most: Int = 8000) throws -> String {
            guard let text = value.string, !text.isEmpty, text.utf8.count <= most, !text.utf8.contains(0) else {
                throw refusal("\(key) is a text of 1 to \(most) characters.")
            }
            return text
        }

        func flag() throws -> Bool {
            guard let flag = value.bool else { throw refusal("\(key) is true or false.") }
            return flag
        }

        func template() throws -> String {
            let template = try text()
            if let fault = OutputTemplate.fault(in: template) { throw refusal("template is refused: \(fault)") }
            return template
        }

        func folder() throws -> String {
            let components = try text().split(separator: "/", omittingEmptySubsequences: false)
            let isRelative = components.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".") && part.utf8.count <= 255
                    && !part.unicodeScalars.contains { $0.value < 32 }
            }
            guard isRelative, components.count <= 10 else {
                throw refusal("folder is a path below the download folder, for example “channels/one”, without “..”.")
            }
            return components.joined(separator: "/")
        }
    }
}
