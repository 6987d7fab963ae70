import HTTPServer
import PluginAPI

/// The body of `POST /api/media`.
struct AddMediaBody: Decodable {
    var magnetLink: String
    var type: String?
    var tmdbId: Int?
    var title: String?
    var year: Int?
    var posterUrl: String?
    var backdropUrl: String?
    var overview: String?
    var genres: [String]?
    var certification: String?

    /// - Throws: `HTTPError` 400 when a value makes no sense.
    func libraryRequest() throws -> MediaLibrary.Request {
        guard magnetLink.lowercased().hasPrefix("magnet:") else {
            throw HTTPError.validation("magnetLink", "Invalid magnet link: it has to begin with magnet:.")
        }
        let kind = try type.map { text in
            guard let type = MediaType(rawValue: text) else {
                throw HTTPError.validation("type", "Must be movie or tv.")
            }
            return type.kind
        }
        if let year, !(1870...2200).contains(year) { throw HTTPError.validation("year", "Must be from 1870 to 2200.") }
        var request = MediaLibrary.Request(magnet: magnetLink)
        request.kind = kind
        request.title = title.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        request.year = year
        request.tmdbID = tmdbId
        request.overview = overview
        request.posterURL = posterUrl
        request.backdropURL = backdropUrl
        request.genres = genres ?? []
        request.certification = certification
        return request
    }
}
