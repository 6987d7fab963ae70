import PluginAPI

/// An event with all that an import has, and with characters that break what does not escape them.
enum SampleEvent {
    static let event: NotificationEvent = {
        var event = NotificationEvent(
            id: "ev_sample",
            kind: .imported,
            time: "2026-01-02T03:04:05Z",
            title: "Imported: \"Winter\\Ferry\" (1961)",
            message: "Two lines,\nwith a tab\tand <marks> & more."
        )
        event.details = [
            "title": "\"Winter\\Ferry\"", "year": 1961, "type": "movie", "quality": "Bluray-1080p", "size": 5_823_840,
            "release": "Winter.Ferry.1961.1080p.BluRay.x264-KDK", "client": "qBittorrent", "protocol": "torrent",
            "path": "/films/a\"b\\c.mkv", "paths": ["/films/a\"b\\c.mkv", "/films/d.mkv"],
            "files": [["path": "/films/a\"b\\c.mkv", "size": 5_823_840, "quality": "Bluray-1080p"]],
        ]
        return event
    }()
}
