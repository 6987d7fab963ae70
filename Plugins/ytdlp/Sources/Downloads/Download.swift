import PluginAPI

import struct FoundationEssentials.Date

/// A download as it is remembered across restarts.
struct Download: Codable, Sendable, Identifiable {
    enum Phase: String, Codable, Sendable {
        case queued, running, paused
        /// yt-dlp has done its part, and the files are on their way to their place.
        case moving
        case completed, failed
    }

    /// A finished file.
    struct File: Codable, Hashable, Sendable {
        /// Relative to `folder`.
        let path: String
        /// Bytes.
        let size: Int64
    }

    /// A file on its way: from below the folder of work to below `folder`.
    struct Move: Codable, Hashable, Sendable {
        let from: String
        let to: String
    }

    let id: String
    /// The address; it may hold a key of its site.
    let link: String
    /// The place in the playlist at `link`, from 1; `nil` when the address is no playlist.
    var entry: Int?
    var name: String
    var category: String?
    var priority: DownloadPriority.RawValue?
    /// Absolute: below it everything stays, finished or not.
    let root: String
    /// Absolute, `root` or below it: where the finished files go.
    let folder: String
    var options: DownloadOptions
    /// Whether it came with cookies of its own.
    var hasCookies: Bool
    var phase: Phase
    /// Whether it records something that is being broadcast.
    var isLive = false
    /// Bytes; 0 while unknown.
    var size: Int64 = 0
    /// Bytes that had come when this was written.
    var received: Int64 = 0
    var message: String?
    var moves: [Move]?
    var files: [File] = []
    /// The finished file or the folder with the files, relative to `folder`.
    var content: String?
    let added: Date

    var host: String { Failure.host(of: link) }

    /// Whether nothing more happens by itself.
    var isOver: Bool { phase == .completed || phase == .failed }
}
