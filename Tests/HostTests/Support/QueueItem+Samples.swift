import FoundationEssentials
import PluginAPI

@testable import Host

extension QueueItem {
    static func sample(
        _ id: String,
        added: Date = ManualClock.start,
        downloadProtocol: DownloadProtocol = .torrent
    ) -> QueueItem {
        QueueItem(
            id: id,
            clientID: "c10e8400-e29b-41d4-a716-446655440030",
            clientName: "qBittorrent",
            title: "Inception.2010.1080p.BluRay.x264-Group",
            downloadProtocol: downloadProtocol,
            source: downloadProtocol == .url ? .url : .magnet,
            isPaused: false,
            quality: "Bluray-1080p",
            qualityScore: 100,
            tracked: TrackedDownload(downloadProtocol),
            added: added
        )
    }

    /// Takes over what a client says of the download.
    mutating func report(_ state: DownloadItem.State, _ change: (inout DownloadItem) -> Void = { _ in }) {
        var report = DownloadItem(id: downloadID ?? "d", name: title, state: state)
        change(&report)
        _ = update(from: report, at: ManualClock.start)
    }
}

extension JSONValue {
    init(_ json: [UInt8]) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(json))
    }

    /// The ids of a page's items.
    var ids: [String] { (self["items"]?.array ?? []).compactMap { $0["id"]?.string } }
}

extension Data {
    /// Whether the bytes of `text` stand anywhere in here.
    func holds(_ text: String) -> Bool {
        let part = Array(text.utf8)
        let bytes = Array(self)
        guard bytes.count >= part.count else { return false }
        return (0...bytes.count - part.count).contains { bytes[$0...].starts(with: part) }
    }
}

extension QueueItem {
    /// The item as it looks at a time.
    func rendering(at now: Date) -> Rendering { rendering(status(at: now), at: now) }
}

extension QueueItem {
    /// What an event says of the item at a time.
    func changeJSON(at now: Date) -> [UInt8] { changeJSON(status(at: now), at: now) }
}
