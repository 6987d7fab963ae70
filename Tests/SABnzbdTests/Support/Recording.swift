import PluginAPI

/// The recorded answers of SABnzbd 3.7.1.
enum Recording {
    static let exchanges: RecordedExchanges = {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/"
        )
        do {
            return try RecordedExchanges(contentsOf: "\(folder)/Samples/sabnzbd-3.7.1.json")
        } catch {
            fatalError("The recording cannot be read: \(error)")
        }
    }()
}
