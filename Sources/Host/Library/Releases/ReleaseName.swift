/// What the name of a release, or of a file in one, tells about its content.
///
/// Reading never fails: what a name does not tell is `nil`, and the title is then the whole name. Only the first
/// `longest` characters are looked at, so that a hostile name costs no time.
struct ReleaseName: Hashable, Sendable {
    static let longest = 500

    /// With spaces between its words, in the letters of the name; empty when the name begins with an episode number.
    private(set) var title = ""
    private(set) var year: Int?
    private(set) var quality = ReleaseQuality()
    /// For example "H.265", as file names show it.
    private(set) var videoCodec: String?
    /// For example "DTS-HD MA".
    private(set) var audioCodec: String?
    /// For example "5.1".
    private(set) var audioChannels: String?
    private(set) var hasAtmos = false
    /// For example ["DV", "HDR10"], in the order of the name.
    private(set) var hdr: [String] = []
    private(set) var bitDepth: Int?
    /// For example "Director's Cut".
    private(set) var edition: String?
    private(set) var isProper = false
    /// How many times the release was repacked; 0 for the first.
    private(set) var repack = 0
    private(set) var is3D = false
    private(set) var group: String?
    /// BCP 47 codes in the order of the name; empty when it names none.
    private(set) var languages: [String] = []
    private(set) var episodes: EpisodeNumbers?

    /// Reads a name, with or without a file extension.
    ///
    /// - Parameter latestYear: a greater number is part of the title, as in "Blade Runner 2049".
    init(_ text: String, latestYear: Int = 2045) {
        let outline = ReleaseOutline(text, latestYear: latestYear)
        title = outline.title
        year = outline.year
        episodes = outline.episodes
        group = outline.group
        var index = outline.tagStart
        while index < outline.tokens.count {
            if outline.taken.contains(index) {
                index += 1
            } else {
                index += read(outline.tokens, at: index)
            }
        }
        settleQuality()
    }

    /// Reads the tag that begins at `index` and answers how many words it has.
    private mutating func read(_ tokens: [ReleaseToken], at index: Int) -> Int {
        if let channels = AudioChannels(tokens, at: index) {
            audioChannels = audioChannels ?? channels.text
            if let codec = channels.codec { audioCodec = audioCodec ?? codec }
            return channels.length
        }
        guard let match = ReleaseTag.match(tokens, at: index) else { return 1 }
        apply(match.meaning.tag)
        return match.length
    }

    private mutating func apply(_ tag: ReleaseTag) {
        switch tag {
        case .source(let source): add(source)
        case .resolution(let resolution): add(resolution)
        case .video(let codec): videoCodec = videoCodec ?? codec
        case .audio(let codec): audioCodec = audioCodec ?? codec
        case .atmos: hasAtmos = true
        case .hdr(let format): if !hdr.contains(format) { hdr.append(format) }
        case .bitDepth(let bits): bitDepth = bits
        case .edition(let name): edition = edition ?? name
        case .proper: isProper = true
        case .repack(let number): repack = max(repack, number)
        case .threeD: is3D = true
        case .language(let code): if !languages.contains(code) { languages.append(code) }
        case .noise: break
        }
    }

    /// A remux also names the disc that it comes from, and counts as the remux.
    private mutating func add(_ source: ReleaseSource) {
        if quality.source == nil || source == .remux { quality.source = source }
    }

    /// "UHD BluRay 1080p" is a 1080p film from a UHD disc: an exact number beats a word.
    private mutating func add(_ resolution: Resolution) {
        guard let known = quality.resolution else {
            quality.resolution = resolution
            return
        }
        if known == .r2160, resolution != .r2160 { quality.resolution = resolution }
    }

    /// Scene rules leave the resolution of standard definition out.
    private mutating func settleQuality() {
        guard quality.resolution == nil else { return }
        switch quality.source {
        case .hdtv: quality.source = .sdtv
        case .webdl, .webrip: quality.resolution = .r480
        default: break
        }
    }

    /// This name, with what it does not tell taken from another, such as that of the whole download.
    func filled(from other: ReleaseName) -> ReleaseName {
        var result = self
        // A source and a resolution from two names would make a quality that nobody has claimed.
        let agrees = quality.resolution == nil || other.quality.resolution == quality.resolution
        if quality.source == nil, agrees { result.quality = other.quality }
        if quality.resolution == nil, quality.source == other.quality.source { result.quality = other.quality }
        result.year = year ?? other.year
        result.videoCodec = videoCodec ?? other.videoCodec
        result.audioCodec = audioCodec ?? other.audioCodec
        result.audioChannels = audioChannels ?? other.audioChannels
        result.hasAtmos = hasAtmos || other.hasAtmos
        result.hdr = hdr.isEmpty ? other.hdr : hdr
        result.bitDepth = bitDepth ?? other.bitDepth
        result.edition = edition ?? other.edition
        result.isProper = isProper || other.isProper
        result.repack = max(repack, other.repack)
        result.is3D = is3D || other.is3D
        result.group = group ?? other.group
        result.languages = languages.isEmpty ? other.languages : languages
        return result
    }
}
