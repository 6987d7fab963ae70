import PluginAPI

/// Why the queue refuses what somebody asks of it.
enum QueueError: Error, Sendable {
    /// There is no such item.
    case noSuchItem(String)
    /// There is no such instance of a download client, or it is switched off.
    case noSuchClient(String)
    /// No enabled instance takes this kind of download.
    case noClientTakes(PluginManifest.Source)
    /// The release is on the blocklist.
    case blocked(reason: String)
    /// The link or the file makes no sense.
    case badSource(String)
    /// There is no such title in the library, or it is of another kind.
    case noSuchTitle(String, Title.Kind?)
    /// The download client refused, or could not be asked.
    case client(name: String, PluginError)
    case retryRefused(TrackedDownload.RetryRefusal)
}
