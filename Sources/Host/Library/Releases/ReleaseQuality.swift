/// Where a release comes from, best first when ordered by `rank`.
enum ReleaseSource: String, Hashable, Sendable, Codable, CaseIterable {
    case remux, bluray, webdl, webrip, hdrip, hdtv, dvd, sdtv, screener, telecine, telesync, cam

    /// The name as the API spells it.
    var name: String {
        switch self {
        case .remux: "Remux"
        case .bluray: "Bluray"
        case .webdl: "WEB-DL"
        case .webrip: "WEBRip"
        case .hdrip: "HDRip"
        case .hdtv: "HDTV"
        case .dvd: "DVD"
        case .sdtv: "SDTV"
        case .screener: "Screener"
        case .telecine: "Telecine"
        case .telesync: "Telesync"
        case .cam: "CAM"
        }
    }

    /// Whether a resolution says something about the quality.
    ///
    /// For the others the source decides alone.
    var hasResolutions: Bool {
        switch self {
        case .remux, .bluray, .webdl, .webrip, .hdrip, .hdtv: true
        case .dvd, .sdtv, .screener, .telecine, .telesync, .cam: false
        }
    }
}

/// Lines of the picture, rounded to the usual classes.
enum Resolution: Int, Hashable, Sendable, Codable, CaseIterable {
    case r480 = 480
    case r576 = 576
    case r720 = 720
    case r1080 = 1080
    case r2160 = 2160
    case r4320 = 4320

    /// For example "1080p".
    var name: String { "\(rawValue)p" }
}

/// The quality of a release: its source and its resolution, as far as they are known.
struct ReleaseQuality: Hashable, Sendable, Codable {
    var source: ReleaseSource?
    var resolution: Resolution?

    /// The name as the API spells it: "Bluray-1080p", "WEB-DL-720p", "DVD", "Unknown".
    var name: String {
        guard let source else { return resolution.map { "Unknown-" + $0.name } ?? "Unknown" }
        guard source.hasResolutions, let resolution else { return source.name }
        return source.name + "-" + resolution.name
    }
}
