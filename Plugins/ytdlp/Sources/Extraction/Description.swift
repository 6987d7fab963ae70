import PluginAPI

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// What yt-dlp says about an address (`--dump-single-json`): one medium, or a list of them.
struct Description: Sendable {
    /// An entry of a list.
    struct Entry: Hashable, Sendable {
        /// An address of its own; `nil` for one that only its list has.
        let link: String?
        /// Its place in the whole list, from 1.
        let number: Int
        let title: String?
        let duration: Double?
        let thumbnail: String?
    }

    /// As yt-dlp gave it, without cookies.
    let details: JSONValue
    private let members: [String: JSONValue]

    /// - Throws: `.badResponse` when this is no description.
    init(_ bytes: [UInt8]) throws {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)), let members = value.object
        else {
            throw PluginError(.badResponse, "yt-dlp has described the address in a way that cannot be read.")
        }
        details = Self.withoutCookies(value)
        self.members = members
    }

    var title: String? { text("title") }
    var isLive: Bool { members["is_live"]?.bool == true }
    var isList: Bool { members["entries"]?.array != nil }

    /// Whether the address is a file that is no page and no medium that yt-dlp knows.
    var isUnknownFile: Bool { members["direct"]?.bool == true && text("ext") == "unknown_video" }

    /// Bytes, when they are known or can be guessed.
    var size: Int64? {
        let sources = members["requested_formats"]?.array?.compactMap(\.object) ?? [members]
        let sizes = sources.map { ($0["filesize"]?.number ?? $0["filesize_approx"]?.number).flatMap(Self.whole) }
        return sizes.contains { $0 == nil } ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }
    }

    /// The entries of a list, in order.
    var entries: [Entry] {
        let page = text("webpage_url")
        // Only some were asked for, perhaps, or in another order.
        let numbers = members["requested_entries"]?.array?.map(\.integer) ?? []
        return (members["entries"]?.array ?? []).enumerated().compactMap { index, entry in
            guard let entry = entry.object else { return nil }
            let number = index < numbers.count ? numbers[index].flatMap(Int.init(exactly:)) : nil
            return Entry(
                link: Self.link(of: entry, in: page),
                number: number ?? index + 1,
                title: entry["title"]?.string,
                duration: entry["duration"]?.number,
                thumbnail: entry["thumbnail"]?.string
            )
        }
    }

    /// In the words of the host.
    func inspected(as address: String) -> InspectedSource {
        var source = InspectedSource()
        source.title = title
        source.description = text("description")
        source.duration = members["duration"]?.number
        source.thumbnail = text("thumbnail")
        source.uploader = text("uploader") ?? text("channel")
        source.isLive = members["is_live"]?.bool
        source.size = isList ? nil : size
        source.formats = (members["formats"]?.array ?? []).compactMap(\.object).compactMap(Self.format)
        source.entries = entries.map { entry in
            var result = InspectedSource.Entry(link: entry.link ?? address)
            result.title = entry.title
            result.duration = entry.duration
            result.thumbnail = entry.thumbnail
            return result
        }
        source.details = details
        return source
    }

    private func text(_ key: String) -> String? { members[key]?.string }

    /// The address of an entry, without what yt-dlp smuggles behind it for its own use.
    private static func link(of entry: [String: JSONValue], in page: String?) -> String? {
        guard let text = entry["url"]?.string ?? entry["webpage_url"]?.string, entry["formats"] == nil else {
            return nil
        }
        let marker = "#__youtubedl_smuggle"
        let end = text.indices.first { text[$0...].hasPrefix(marker) } ?? text.endIndex
        let link = String(text[..<end])
        return link.hasPrefix("http") && link != page ? link : nil
    }

    private static func format(_ format: [String: JSONValue]) -> InspectedSource.Format? {
        guard let id = format["format_id"]?.string else { return nil }
        var result = InspectedSource.Format(id: id)
        result.ext = format["ext"]?.string
        result.note = format["format_note"]?.string ?? format["format"]?.string
        result.width = format["width"]?.integer.flatMap(Int.init(exactly:))
        result.height = format["height"]?.integer.flatMap(Int.init(exactly:))
        result.fps = format["fps"]?.number
        result.videoCodec = format["vcodec"]?.string.flatMap { $0 == "none" ? nil : $0 }
        result.audioCodec = format["acodec"]?.string.flatMap { $0 == "none" ? nil : $0 }
        result.size = (format["filesize"]?.number ?? format["filesize_approx"]?.number).flatMap(whole)
        result.bitrate = format["tbr"]?.number
        return result
    }

    private static func whole(_ number: Double) -> Int64? {
        number.isFinite && number >= 0 && number < 1e17 ? Int64(number) : nil
    }

    private static func withoutCookies(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.filter { $0.key != "cookies" }.mapValues(withoutCookies))
        case .array(let elements): .array(elements.map(withoutCookies))
        default: value
        }
    }
}
