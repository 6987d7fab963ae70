/// How the library names its folders and files.
///
/// Users can change every part.
struct NamingSettings: Hashable, Sendable, Codable {
    /// How the name of a file with several episodes goes on after the first number.
    enum MultiEpisode: String, Hashable, Sendable, Codable, CaseIterable {
        /// S01E01-02-03
        case extend
        /// S01E01.S01E02.S01E03
        case duplicate
        /// S01E01E02E03
        case `repeat`
        /// S01E01-E02-E03
        case scene
        /// S01E01-E03
        case range
    }

    /// How `{MediaId}` is written.
    enum MediaServer: String, Hashable, Sendable, Codable, CaseIterable {
        /// {tmdb-603}
        case plex
        /// [tmdbid-603]
        case jellyfin
    }

    var movieFolder = "{Title}{ ({Year})}"
    var movieFile = "{Title}{ ({Year})}{ [{Quality}]}"
    var seriesFolder = "{Title}"
    var seasonFolder = "Season {Season:00}"
    var episodeFile = "{Title} - S{Season:00}E{Episode:00}{ - {EpisodeTitle}}{ [{Quality}]}"
    var dailyFile = "{Title} - {AirDate}{ - {EpisodeTitle}}{ [{Quality}]}"
    var animeFile = "{Title} - S{Season:00}E{Episode:00}{ - {Absolute:000}}{ - {EpisodeTitle}}{ [{Quality}]}"
    var multiEpisode = MultiEpisode.scene
    var mediaServer = MediaServer.plex
    var colon = NameCleaning.Colon.smart
}
