import FoundationEssentials

@testable import PluginAPI

extension Exchange {
    static let download: [Exchange] = [
        Exchange(
            "download.add",
            "everything",
            AddDownload.self,
            [request, torrent],
            AddedDownload.self,
            AddedDownload(id: "c1e5", existed: true, infoHash: hash)
        ) { try await RemoteDownloadClient($0).add(request, file: torrent) },
        Exchange(
            "download.add",
            "the least",
            AddDownload.self,
            [magnet, Data?.none],
            AddedDownload.self,
            AddedDownload(id: "c1e5")
        ) { try await RemoteDownloadClient($0).add(magnet, file: nil) },
        Exchange(
            "download.changes",
            "everything",
            ChangesParameters.self,
            [String?.some("16")],
            DownloadChanges.self,
            DownloadChanges(cursor: "17", isComplete: false, items: [item], removed: ["a1", "b2"])
        ) { try await RemoteDownloadClient($0).changes(since: "16") },
        Exchange(
            "download.changes",
            "the least",
            ChangesParameters.self,
            [String?.none],
            DownloadChanges.self,
            DownloadChanges(cursor: "", isComplete: true, items: [])
        ) { try await RemoteDownloadClient($0).changes(since: nil) },
        Exchange(
            "download.item",
            "the least",
            IDParameters.self,
            ["c1e5"],
            ItemResult.self,
            DownloadItem?.some(leastItem)
        ) { try await RemoteDownloadClient($0).item("c1e5") },
        Exchange(
            "download.item",
            "no such download",
            IDParameters.self,
            ["none"],
            ItemResult.self,
            DownloadItem?.none
        ) { try await RemoteDownloadClient($0).item("none") },
        Exchange(
            "download.files",
            "everything",
            IDParameters.self,
            ["c1e5"],
            FilesResult.self,
            [
                DownloadFile(index: 3, path: "Film/film.mkv", size: 5 << 30, completed: 1024),
                DownloadFile(index: 4, path: "Film/sample.mkv", size: 10, completed: 0, isWanted: false),
            ]
        ) { try await RemoteDownloadClient($0).files(of: "c1e5") },
        Exchange(
            "download.availability",
            "everything",
            AvailabilityParameters.self,
            [3, "c1e5"],
            FileAvailability.self,
            availability
        ) { try await RemoteDownloadClient($0).availability(of: 3, in: "c1e5") },
        Exchange("download.remove", "with its data", RemoveParameters.self, ["c1e5", true]) {
            try await RemoteDownloadClient($0).remove("c1e5", deletingData: true)
        },
        Exchange("download.remove", "without its data", RemoveParameters.self, ["c1e5", false]) {
            try await RemoteDownloadClient($0).remove("c1e5", deletingData: false)
        },
        Exchange("download.pause", "everything", IDParameters.self, ["c1e5"]) {
            try await RemoteDownloadClient($0).pause("c1e5")
        },
        Exchange("download.resume", "everything", IDParameters.self, ["c1e5"]) {
            try await RemoteDownloadClient($0).resume("c1e5")
        },
        Exchange("download.retry", "everything", IDParameters.self, ["c1e5"]) {
            try await RemoteDownloadClient($0).retry("c1e5")
        },
        Exchange("download.prioritize", "everything", Prioritization.self, [wishes]) {
            try await RemoteDownloadClient($0).prioritize(wishes)
        },
        Exchange("download.prioritize", "the least", Prioritization.self, [Prioritization(id: "c1e5")]) {
            try await RemoteDownloadClient($0).prioritize(Prioritization(id: "c1e5"))
        },
        Exchange("download.prioritize", "the whole download", Prioritization.self, [last]) {
            try await RemoteDownloadClient($0).prioritize(last)
        },
        Exchange("download.pauseAll", "everything", None.self, []) { try await RemoteDownloadClient($0).pauseAll() },
        Exchange("download.resumeAll", "everything", None.self, []) { try await RemoteDownloadClient($0).resumeAll() },
        Exchange(
            "download.add",
            "with wishes",
            AddDownload.self,
            [list, Data?.none],
            AddedDownload.self,
            addedList
        ) { try await RemoteDownloadClient($0).add(list, file: nil) },
        Exchange(
            "download.item",
            "in post-processing",
            IDParameters.self,
            ["c1e5"],
            ItemResult.self,
            DownloadItem?.some(repairing)
        ) { try await RemoteDownloadClient($0).item("c1e5") },
        Exchange("download.inspect", "a video", SourceInspection.self, [look], InspectedSource.self, video) {
            try await RemoteDownloadClient($0).inspect(look)
        },
        Exchange(
            "download.inspect",
            "a list",
            SourceInspection.self,
            [SourceInspection(link: "http://site/list")],
            InspectedSource.self,
            listed
        ) { try await RemoteDownloadClient($0).inspect(SourceInspection(link: "http://site/list")) },
    ]

    private static let hash = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
    private static let torrent: Data? = Data("d8:announce0:e".utf8)
    private static let magnet = AddDownload(source: .magnet, link: "magnet:?xt=urn:btih:" + hash)

    private static var request: AddDownload {
        var request = AddDownload(source: .torrent, link: "http://tracker/7.torrent")
        request.name = #"Amélie "2001""#
        request.category = "films"
        request.savePath = "/downloads/films"
        request.paused = true
        request.seedRatioLimit = 1.5
        request.seedTimeLimit = 90
        request.password = "hunter2"
        return request
    }

    private static var item: DownloadItem {
        var item = DownloadItem(id: "c1e5", name: #"Amélie "2001""#, state: .fetchingMetadata)
        item.size = 734_003_200
        item.remaining = 419_430_400
        item.downloadSpeed = 1 << 20
        item.uploadSpeed = 1024
        (item.eta, item.seeders, item.leechers, item.peers) = (400, 5, 2, 3)
        (item.availability, item.ratio) = (1.25, 0.5)
        item.category = "films"
        item.savePath = "/downloads/films"
        item.contentPath = "/downloads/films/Amélie"
        item.infoHash = hash
        item.canBeRemoved = true
        item.message = "The disk is full."
        return item
    }

    private static var leastItem: DownloadItem {
        var item = DownloadItem(id: "c1e5", name: "A film", state: .seeding)
        item.isComplete = true
        item.canMoveFiles = true
        return item
    }

    private static let availability = FileAvailability(
        path: "/downloads/films/film.mkv",
        size: 5 << 30,
        ranges: [FileRange(offset: 0, length: 1 << 20), FileRange(offset: 4 << 30, length: 1)]
    )

    private static var wishes: Prioritization {
        var wishes = Prioritization(id: "c1e5")
        wishes.files = [0: .skip, 3: .high, 4: .normal]
        wishes.sequential = true
        wishes.fileIndex = 3
        wishes.ranges = [FileRange(offset: 4 << 30, length: 1 << 20)]
        return wishes
    }

    private static var last: Prioritization {
        var wishes = Prioritization(id: "c1e5")
        wishes.priority = .known(.low)
        return wishes
    }

    private static var list: AddDownload {
        var request = AddDownload(source: .url, link: "http://site/list")
        request.priority = .known(.force)
        request.options = ["format": "best", "subtitles": ["de", "en"], "live": true]
        return request
    }

    private static var addedList: AddedDownload {
        var added = AddedDownload(id: "1")
        added.others = [.init(id: "2", name: "The second")]
        return added
    }

    private static var repairing: DownloadItem {
        var item = DownloadItem(id: "c1e5", name: "A film", state: .postProcessing)
        item.stage = .known(.repairing)
        item.size = 7
        return item
    }

    private static var look: SourceInspection {
        var request = SourceInspection(link: "http://site/7")
        request.options = ["cookies": "a=b"]
        return request
    }

    private static var video: InspectedSource {
        var video = InspectedSource()
        (video.title, video.description) = ("A video", "It is short.")
        (video.duration, video.thumbnail, video.uploader) = (12.5, "http://site/7.jpg", "Somebody")
        (video.isLive, video.size) = (false, 4096)
        var format = InspectedSource.Format(id: "22")
        (format.ext, format.note) = ("mp4", "720p")
        (format.width, format.height, format.fps) = (1280, 720, 29.97)
        (format.videoCodec, format.audioCodec) = ("h264", "aac")
        (format.size, format.bitrate) = (4096, 1500.5)
        video.formats = [format, .init(id: "17")]
        video.details = ["extractor": "generic", "views": 3]
        return video
    }

    private static var listed: InspectedSource {
        var entry = InspectedSource.Entry(link: "http://site/7")
        (entry.title, entry.duration, entry.thumbnail) = ("A video", 12.5, "http://site/7.jpg")
        var list = InspectedSource()
        list.entries = [entry, .init(link: "http://site/8")]
        return list
    }
}
