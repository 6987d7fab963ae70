import PluginAPI

/// Settings whose options were looked at.
struct CheckedSettings: Sendable {
    let settings: YtDlpSettings
    /// Of yt-dlp, with their operands behind `=`.
    let arguments: [String]
    /// As a file holds them; `nil` for none.
    let cookies: String?

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(_ settings: YtDlpSettings) throws {
        self.settings = settings
        if let fault = OutputTemplate.fault(in: settings.template) {
            throw PluginError(.invalid, "The file name is refused: \(fault)", field: "template")
        }
        for (field, path) in [
            ("downloadFolder", settings.downloadFolder), ("path", settings.path), ("ffmpegPath", settings.ffmpegPath),
        ] where !path.isEmpty && !path.hasPrefix("/") {
            throw PluginError(.invalid, "Enter the whole path, from / on.", field: field)
        }
        try ProxyAddress.check(settings.proxy) { PluginError(.invalid, $0, field: "proxy") }
        let rate = settings.limitRate.uppercased()
        guard rate.isEmpty || rate.first?.isNumber == true && rate.allSatisfy({ "0123456789.KMG".contains($0) }) else {
            throw PluginError(.invalid, "The speed is a number of bytes, such as 500K or 4.2M.", field: "limitRate")
        }
        arguments = try OptionText(settings.arguments, field: "arguments").arguments
        cookies = settings.cookies.isEmpty ? nil : try CookiesFile.content(settings.cookies, field: "cookies")
    }
}
