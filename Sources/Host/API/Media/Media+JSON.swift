import FoundationEssentials

/// A title as the media API shows it.
extension MediaLibrary.Media {
    /// The view of one title.
    func json(magnet: String?) -> [UInt8] {
        JSONWriter.object(reserving: 1024) { writer in
            writeSummary(to: &writer)
            writer.member("magnetLink", magnet)
            writeDetails(to: &writer)
        }
    }

    /// The title as it stands in a list.
    func write(to writer: inout JSONWriter) {
        writer.object { writeSummary(to: &$0) }
    }

    private func writeSummary(to writer: inout JSONWriter) {
        writer.member("id", title.id)
        writer.member("type", (title.kind == .movie ? MediaType.movie : .tv).rawValue)
        writer.member("title", title.title)
        writer.member("year", title.year)
        writer.member("status", status.rawValue)
        writer.member("progress", progress)
        writer.member("tmdbId", title.tmdbID)
        writer.member("posterUrl", title.posterURL)
        writer.member("runtime", title.runtime)
        writer.member("addedAt", title.added)
    }

    private func writeDetails(to writer: inout JSONWriter) {
        writer.member("backdropUrl", title.backdropURL)
        writer.member("overview", title.overview)
        writer.member("genres", title.genres)
        writer.member("certification", title.certification)
        writer.member("infohash", download?.infoHash)
        writer.member("queueItemId", download?.id)
        writer.member("filePath", files.first?.path)
        writer.member("fileSize", files.first?.size)
        writer.key("files")
        writer.array(files) { writer, file in
            writer.object { writer in
                writer.member("id", file.id)
                writer.member("season", file.season)
                writer.member("episode", file.episode)
                writer.member("filePath", file.path)
                writer.member("fileSize", file.size)
                writer.member("quality", file.quality)
                writer.member("subtitles", file.subtitles)
            }
        }
    }

    var progressJSON: [UInt8] {
        JSONWriter.object { writer in
            writer.member("status", status.rawValue)
            writer.member("progress", progress)
            // What is in the library is not watched in its client any more.
            let isActive = files.isEmpty && download?.isActive == true
            writer.member("downloadSpeed", isActive ? download?.downloadSpeed ?? 0 : 0)
            writer.member("uploadSpeed", isActive ? download?.uploadSpeed ?? 0 : 0)
            writer.member("peers", isActive ? download?.peers ?? 0 : 0)
            writer.member("isActive", isActive)
            writer.member("filePath", files.first?.path)
            if status == .error {
                writer.member("error", download?.tracked.failure?.message ?? "The download was given up.")
            }
        }
    }
}
