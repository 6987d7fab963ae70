import FoundationEssentials

/// A line by which yt-dlp tells how a download goes, in the form that `options` asks for.
enum Report: Sendable {
    /// What will be downloaded.
    case begins(Beginning)
    /// Bytes have come.
    case progress(Progress)
    /// A step after the download begins or ends.
    case step(Step)
    /// The download is in the archive already, or an option leaves it out.
    case skipped(String)
    case error(String)
    case warning(String)

    /// The description before the download begins.
    struct Beginning: Decodable, Sendable {
        var title: String?
        var isLive: Bool?
        var duration: Double?
        /// Bytes, when they are known or can be guessed.
        var size: Double?
        var roughSize: Double?
        /// The formats, when there are several to be merged.
        var formats: [Format]?

        struct Format: Decodable, Sendable {
            var size: Double?
            var roughSize: Double?

            private enum CodingKeys: String, CodingKey {
                case size = "filesize"
                case roughSize = "filesize_approx"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case title, duration
            case isLive = "is_live"
            case size = "filesize"
            case roughSize = "filesize_approx"
            case formats = "requested_formats"
        }
    }

    struct Progress: Decodable, Sendable {
        var status: String?
        /// The file that this is about.
        var filename: String?
        var received: Double?
        var size: Double?
        var roughSize: Double?
        /// Bytes each second.
        var speed: Double?
        /// Seconds.
        var eta: Double?

        private enum CodingKeys: String, CodingKey {
            case status, filename, speed, eta
            case received = "downloaded_bytes"
            case size = "total_bytes"
            case roughSize = "total_bytes_estimate"
        }
    }

    struct Step: Decodable, Sendable {
        var status: String?
        /// The name that yt-dlp has for the step, for example "Merger".
        var postprocessor: String?
    }

    /// How often yt-dlp tells of progress, in seconds.
    static let interval = 0.25

    /// The options by which it tells in this form.
    static let options = [
        "--no-simulate", "--newline", "--progress", "--progress-delta=\(interval)",
        "--progress-template=download:@progress %(progress.{status,filename,\(sizes),speed,eta})j",
        "--progress-template=postprocess:@step %(progress.{status,postprocessor})j",
        "--print=before_dl:@begins %(.{title,is_live,duration,filesize,filesize_approx,requested_formats})j",
    ]

    private static let sizes = "downloaded_bytes,total_bytes,total_bytes_estimate"

    /// Reads a line; `nil` for one that tells nothing.
    init?(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let rest = String(parts[1])
        switch parts[0] {
        case "@begins": self.init(rest, Report.begins)
        case "@progress": self.init(rest, Report.progress)
        case "@step": self.init(rest, Report.step)
        case "ERROR:": self = .error(rest)
        case "WARNING:": self = .warning(rest)
        case "[download]" where rest.contains("already been recorded in the archive"): self = .skipped(rest)
        default: return nil
        }
    }

    private init?<Content: Decodable>(_ text: String, _ wrap: (Content) -> Report) {
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(text.utf8)) else { return nil }
        self = wrap(content)
    }
}
