import FoundationEssentials
import PluginAPI

/// Keeping what the DHT knows: whoever begins with nobody has to find the first ones anew, which takes a minute and needs
/// one of a few computers that everybody asks.
extension TorrentEngine {
    /// The time between two saves.
    private static let nodesInterval = Duration.seconds(120)

    /// What was saved in an earlier run, if the DHT is wanted; what cannot be read is set aside.
    func nodes(in folder: ResumeFolder) async -> Data? {
        guard settings.dht, let saved = await folder.nodes() else { return nil }
        guard let fault = Session.fault(in: saved) else { return saved }
        await folder.setNodesAside()
        host.log(
            .warning,
            "What was known of the DHT cannot be read: \(fault.message). It was set aside; the DHT begins anew.",
            fields: [:]
        )
        return nil
    }

    func saveNodesIfDue(_ now: ContinuousClock.Instant) {
        guard settings.dht, now - lastNodesSave >= Self.nodesInterval else { return }
        Task { await self.saveNodes() }
    }

    /// Saves what the DHT knows, unless it knows nobody.
    func saveNodes() async {
        lastNodesSave = tools.now()
        guard settings.dht, let folder, let nodes = session?.nodes else { return }
        do {
            try await folder.write(nodes: nodes)
        } catch {
            host.log(.warning, "\((error as? PluginError)?.message ?? "\(error)")", fields: [:])
        }
    }
}
