/// An address to look into.
public struct SourceInspection: Hashable, Sendable, Codable {
    /// An http or https address.
    public var link: String
    /// As `AddDownload.options`.
    public var options: [String: JSONValue]?

    /// A look at `link` with the client's defaults.
    public init(link: String) {
        self.link = link
    }
}

/// What an address holds: one video or sound, or a list of them.
public struct InspectedSource: Hashable, Sendable, Codable {
    /// A form in which the content can be had.
    public struct Format: Hashable, Sendable, Codable {
        /// The client's name for it, which a wish for a format takes.
        public var id: String
        /// The file name's extension, without the dot.
        public var ext: String?
        /// Words for people, for example "1080p, surround".
        public var note: String?
        /// In pixels; `nil` for sound.
        public var width: Int?
        /// In pixels; `nil` for sound.
        public var height: Int?
        /// Frames each second.
        public var fps: Double?
        /// `nil` when it has no picture; key `video_codec`.
        public var videoCodec: String?
        /// `nil` when it has no sound; key `audio_codec`.
        public var audioCodec: String?
        /// In bytes, perhaps estimated.
        public var size: Int64?
        /// Kilobits each second.
        public var bitrate: Double?

        private enum CodingKeys: String, CodingKey {
            case id, ext, note, width, height, fps, size, bitrate
            case videoCodec = "video_codec"
            case audioCodec = "audio_codec"
        }

        /// A format of which only the name is known.
        public init(id: String) {
            self.id = id
        }
    }

    /// One of the things that a list names.
    public struct Entry: Hashable, Sendable, Codable {
        /// The address under which it can be added by itself.
        public var link: String
        /// What it is called.
        public var title: String?
        /// Seconds.
        public var duration: Double?
        /// The address of a picture.
        public var thumbnail: String?

        /// An entry of which only the address is known.
        public init(link: String) {
            self.link = link
        }
    }

    /// What it is called.
    public var title: String?
    /// What it is about.
    public var description: String?
    /// Seconds.
    public var duration: Double?
    /// The address of a picture.
    public var thumbnail: String?
    /// Who has published it.
    public var uploader: String?
    /// Whether it is being broadcast now; key `is_live`.
    public var isLive: Bool?
    /// In bytes, of the format that would be taken; perhaps estimated.
    public var size: Int64?
    /// The forms in which it can be had, worst first; empty for a list.
    public var formats: [Format]
    /// What a list names, in its order; empty for a single thing.
    public var entries: [Entry]
    /// The client's own description, as it is.
    public var details: JSONValue?

    private enum CodingKeys: String, CodingKey {
        case title, description, duration, thumbnail, uploader, size, formats, entries, details
        case isLive = "is_live"
    }

    /// Something of which nothing is known yet.
    public init() {
        formats = []
        entries = []
    }
}
