import PluginAPI

/// The recorded answers of SABnzbd 3.7.1.
enum Recording {
    static let exchanges: RecordedExchanges = {
        do {
            return try RecordedExchanges(sample: "sabnzbd-3.7.1.json")
        } catch {
            fatalError("The recording cannot be read: \(error)")
        }
    }()
}
