import FoundationEssentials

/// A movie or a series of the library, whether its files are there or not.
struct Title: Sendable, Identifiable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        case movie, series
    }

    let id: String
    var kind: Kind
    var title: String
    var year: Int?
    var tmdbID: Int?
    var overview: String?
    var posterURL: String?
    var backdropURL: String?
    /// Minutes.
    var runtime: Int?
    var genres: [String] = []
    var certification: String?
    /// Of a title that is being added: whether its name was read out of the name of a release, so that a catalogue may
    /// correct it.
    ///
    /// Not a part of the stored title.
    var isNameGuessed = false
    let added: Date
}

/// A video file of a title, in the library folder.
struct LibraryFile: Sendable, Identifiable, Equatable {
    let id: String
    let titleID: String
    var season: Int?
    var episode: Int?
    /// Absolute.
    let path: String
    /// Bytes.
    let size: Int64
    let quality: String
    /// Absolute paths of the subtitle files beside it.
    var subtitles: [String]
    /// The queue item that it came with.
    let queueID: String?
    let added: Date
}
