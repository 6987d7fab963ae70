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

    /// The class of a picture of these sides, or `nil` for a size that is none.
    ///
    /// Cropped films have fewer lines than their class, so the width counts too.
    init?(width: Int, height: Int) {
        guard width > 0, height > 0 else { return nil }
        self =
            switch (width, height) {
            case (5000..., _), (_, 3000...): .r4320
            case (2600..., _), (_, 1500...): .r2160
            case (1500..., _), (_, 800...): .r1080
            case (1100..., _), (_, 600...): .r720
            case (_, 500...): .r576
            default: .r480
            }
    }
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
