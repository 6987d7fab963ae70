import FoundationEssentials

@testable import PluginAPI

extension Exchange {
    static let indexer: [Exchange] = [
        Exchange(
            "indexer.capabilities",
            "everything",
            None.self,
            [],
            IndexerCapabilities.self,
            IndexerCapabilities(
                categories: [.init(id: 2000, name: "Movies"), .init(id: 5000, name: "TV")],
                parameters: ["text", "imdb_id"],
                limit: 100
            )
        ) { try await RemoteIndexer($0).capabilities() },
        Exchange(
            "indexer.capabilities",
            "the least",
            None.self,
            [],
            IndexerCapabilities.self,
            IndexerCapabilities(parameters: [])
        ) { try await RemoteIndexer($0).capabilities() },
        Exchange("indexer.search", "everything", ReleaseQuery.self, [query], ReleasesResult.self, [release]) {
            try await RemoteIndexer($0).search(query)
        },
        Exchange(
            "indexer.search",
            "the least",
            ReleaseQuery.self,
            [ReleaseQuery(kind: .any)],
            ReleasesResult.self,
            [Release(guid: "7", title: "", downloadProtocol: .torrent, link: "magnet:?")]
        ) { try await RemoteIndexer($0).search(ReleaseQuery(kind: .any)) },
        Exchange(
            "indexer.search",
            "with what a private tracker says",
            ReleaseQuery.self,
            [ReleaseQuery(kind: .any, text: "night")],
            ReleasesResult.self,
            [privateRelease]
        ) { try await RemoteIndexer($0).search(ReleaseQuery(kind: .any, text: "night")) },
        Exchange(
            "indexer.fetch",
            "a file",
            LinkParameters.self,
            ["http://indexer/7.nzb"],
            ReleaseContent.self,
            ReleaseContent(.nzb, file: Data("<nzb/>".utf8))
        ) { try await RemoteIndexer($0).fetch("http://indexer/7.nzb") },
        Exchange(
            "indexer.fetch",
            "a magnet",
            LinkParameters.self,
            ["http://indexer/8"],
            ReleaseContent.self,
            ReleaseContent(magnet: "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a")
        ) { try await RemoteIndexer($0).fetch("http://indexer/8") },
    ]

    private static var query: ReleaseQuery {
        var query = ReleaseQuery(kind: .series, text: "a series")
        query.year = 2001
        (query.imdbID, query.tmdbID, query.tvdbID) = ("tt0063350", 10331, 81189)
        (query.season, query.episode) = (1, 2)
        query.categories = [5000, 5040]
        (query.limit, query.offset) = (50, 100)
        return query
    }

    private static var privateRelease: Release {
        var release = Release(
            guid: "9",
            title: "Night.1968",
            downloadProtocol: .torrent,
            link: "http://indexer/9.torrent"
        )
        release.files = 3
        (release.downloadVolumeFactor, release.uploadVolumeFactor) = (0.5, 2.25)
        (release.minimumRatio, release.minimumSeedTime) = (1.5, 172_800)
        release.attributes = ["team": ["a", "b"], "genre": ["Horror"]]
        return release
    }

    private static var release: Release {
        var release = Release(
            guid: "http://indexer/7",
            title: "A.Series.S01E02.1080p",
            downloadProtocol: .usenet,
            link: "http://indexer/7.nzb"
        )
        release.infoURL = "http://indexer/7.html"
        release.infoHash = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
        release.size = 5 << 30
        (release.seeders, release.leechers, release.grabs) = (9, 8, 7)
        release.published = "2001-04-25T10:00:00Z"
        release.categories = [5040]
        (release.imdbID, release.tmdbID, release.tvdbID) = ("tt0063350", 10331, 81189)
        return release
    }
}

extension Exchange {
    static let metadata: [Exchange] = [
        Exchange("metadata.search", "everything", MetadataQuery.self, [title], TitlesResult.self, [night]) {
            try await RemoteMetadataProvider($0).search(title)
        },
        Exchange(
            "metadata.search",
            "the least",
            MetadataQuery.self,
            [MetadataQuery(text: "")],
            TitlesResult.self,
            [MetadataTitle]()
        ) { try await RemoteMetadataProvider($0).search(MetadataQuery(text: "")) },
        Exchange(
            "metadata.movie",
            "the least",
            IDParameters.self,
            ["10331"],
            MetadataTitle.self,
            MetadataTitle(id: "10331", kind: .movie, title: "Night")
        ) { try await RemoteMetadataProvider($0).movie("10331") },
        Exchange(
            "metadata.movie",
            "with people and countries",
            IDParameters.self,
            ["10331"],
            MetadataTitle.self,
            nightWithPeople
        ) { try await RemoteMetadataProvider($0).movie("10331") },
        Exchange(
            "metadata.series",
            "the least",
            IDParameters.self,
            ["81189"],
            MetadataTitle.self,
            MetadataTitle(id: "81189", kind: .series, title: "A series")
        ) { try await RemoteMetadataProvider($0).series("81189") },
        Exchange("metadata.season", "everything", SeasonParameters.self, [2, "81189"], MetadataSeason.self, season) {
            try await RemoteMetadataProvider($0).season(2, of: "81189")
        },
        Exchange(
            "metadata.season",
            "the least",
            SeasonParameters.self,
            [0, "81189"],
            MetadataSeason.self,
            MetadataSeason(number: 0, name: "", episodes: [])
        ) { try await RemoteMetadataProvider($0).season(0, of: "81189") },
        Exchange(
            "metadata.find",
            "everything",
            FindParameters.self,
            ["imdb", "tt0063350"],
            TitlesResult.self,
            [MetadataTitle]()
        ) { try await RemoteMetadataProvider($0).find(source: "imdb", id: "tt0063350") },
        Exchange(
            "metadata.images",
            "everything",
            ImagesParameters.self,
            ["81189", Open<MetadataTitle.Kind>.known(.series)],
            ImagesResult.self,
            [MetadataImage(.logo, url: "http://images/7.png")]
        ) { try await RemoteMetadataProvider($0).images(for: "81189", kind: .known(.series)) },
    ]

    private static var title: MetadataQuery {
        var query = MetadataQuery(text: "night")
        query.kind = .known(.movie)
        query.year = 1968
        query.language = "de-AT"
        return query
    }

    private static var night: MetadataTitle {
        var title = MetadataTitle(id: "10331", kind: .movie, title: "Die Nacht")
        (title.originalTitle, title.originalLanguage) = ("The Night", "en")
        title.year = 1968
        (title.overview, title.tagline) = ("It is dark.", "Dark!")
        title.runtime = 96
        title.genres = ["Horror"]
        (title.certification, title.rating) = ("FSK 16", 7.5)
        title.externalIDs = ["imdb": "tt0063350", "wikidata": "Q1"]
        title.releaseDates = ["cinema": "1968-10-01", "digital": "2001-01-01"]
        title.alternativeTitles = ["Night"]
        title.seasons = [0, 1]
        var poster = MetadataImage(.poster, url: "http://images/7.jpg")
        (poster.language, poster.width, poster.height) = ("de", 2000, 3000)
        title.images = [poster, MetadataImage(.backdrop, url: "http://images/8.jpg")]
        return title
    }

    private static var nightWithPeople: MetadataTitle {
        var title = MetadataTitle(id: "10331", kind: .movie, title: "Night")
        (title.status, title.studio, title.networks) = ("Released", "Image Ten", ["NBC"])
        (title.website, title.trailer) = ("http://night/", "H91BxkBXttE")
        (title.votes, title.popularity) = (2000, 21.5)
        title.collection = MetadataCollection(id: "263", name: "The Nights")
        title.certifications = ["DE": "16", "US": "NR"]
        title.regionalReleaseDates = ["DE": ["cinema": "1971-05-14"], "US": ["cinema": "1968-10-01"]]
        var ben = MetadataCredit("Duane Jones", .actor)
        (ben.character, ben.order, ben.image) = ("Ben", 0, "http://images/1.jpg")
        title.credits = [ben, MetadataCredit("George A. Romero", .director)]
        return title
    }

    private static var season: MetadataSeason {
        var first = MetadataSeason.Episode(number: 1, title: "First")
        (first.overview, first.aired, first.runtime) = ("Again.", "2001-04-25", 45)
        first.image = "http://images/9.jpg"
        var season = MetadataSeason(number: 2, name: "Second", episodes: [first, .init(number: 2, title: "")])
        season.overview = "It goes on."
        return season
    }
}
