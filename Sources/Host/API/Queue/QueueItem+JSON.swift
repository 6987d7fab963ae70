import FoundationEssentials
import PluginAPI

/// The item as the queue's API shows it.
extension QueueItem {
    /// An item written once, to be shown with or without what only callers with a key see.
    struct Rendering: Sendable, Equatable {
        /// All members but the last ones, without the closing bracket.
        let head: [UInt8]
        /// The last members and the closing bracket, with paths and addresses.
        let privateTail: [UInt8]
        /// The same without.
        let publicTail: [UInt8]

        func append(to bytes: inout [UInt8], isPrivate: Bool) {
            bytes.append(contentsOf: head)
            bytes.append(contentsOf: isPrivate ? privateTail : publicTail)
        }

        func json(isPrivate: Bool) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(head.count + max(privateTail.count, publicTail.count))
            append(to: &bytes, isPrivate: isPrivate)
            return bytes
        }

        var count: Int { head.count + privateTail.count }
    }

    /// The status with the client's own trouble and the progress of a copy counted in.
    func status(at now: Date) -> QueueStatus {
        let status = tracked.queueStatus(title: title, at: now)
        if let importProgress, tracked.state == .importing {
            return QueueStatus(
                status: status.status,
                health: status.health,
                messages: status.messages + [.init(title: title, messages: [importProgress])],
                errorMessage: status.errorMessage
            )
        }
        guard let clientProblem, tracked.state == .downloading else { return status }
        return QueueStatus(
            status: .warning,
            health: .warning,
            messages: status.messages + [.init(title: clientName, messages: [clientProblem])],
            errorMessage: status.errorMessage
        )
    }

    func rendering(_ status: QueueStatus, at now: Date) -> Rendering {
        var writer = JSONWriter(reserving: 1024)
        writer.object { writer in
            writeIdentity(to: &writer)
            writeStatus(status, at: now, to: &writer)
            writeMedia(to: &writer)
        }
        return Rendering(
            head: Array(writer.bytes.dropLast()),
            privateTail: tail(status, isPrivate: true),
            publicTail: tail(status, isPrivate: false)
        )
    }

    /// What an event about a change says: all that moves while a download runs.
    ///
    /// Anybody may read it.
    func changeJSON(_ status: QueueStatus, at now: Date) -> [UInt8] {
        JSONWriter.object(reserving: 512) { writer in
            writer.member("id", id)
            writer.member("title", title)
            writeStatus(status, at: now, to: &writer)
            Self.writeMessages(status, isPrivate: false, to: &writer)
        }
    }

    private func tail(_ status: QueueStatus, isPrivate: Bool) -> [UInt8] {
        let object = JSONWriter.object { writer in
            Self.writeMessages(status, isPrivate: isPrivate, to: &writer)
            writer.member("outputPath", isPrivate ? outputPath : nil)
        }
        // The members go on where the head has ended.
        return [UInt8(ascii: ",")] + object.dropFirst()
    }

    private static func writeMessages(_ status: QueueStatus, isPrivate: Bool, to writer: inout JSONWriter) {
        func shown(_ text: String) -> String { isPrivate ? text : PublicWords.of(text) }
        writer.key("statusMessages")
        writer.array(status.messages) { writer, message in
            writer.object { writer in
                writer.member("title", message.title)
                writer.member("messages", message.messages.map(shown))
            }
        }
        writer.member("errorMessage", status.errorMessage.map(shown))
    }

    private func writeIdentity(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("downloadId", downloadID)
        writer.member("title", title)
        writer.member("protocol", downloadProtocol.rawValue)
        writer.member("downloadClient", clientName)
        writer.member("downloadClientId", clientID)
        writer.member("indexer", indexer)
        if downloadProtocol == .torrent { writer.member("infoHash", infoHash) }
    }

    private func writeStatus(_ status: QueueStatus, at now: Date, to writer: inout JSONWriter) {
        let isRunning = tracked.state == .downloading && clientProblem == nil
        writer.member("status", status.status.rawValue)
        writer.member("trackedDownloadStatus", status.health.rawValue)
        writer.member("trackedDownloadState", tracked.state.rawValue)
        writer.member("stage", tracked.state == .downloading ? tracked.report?.stage?.text : nil)
        writer.member("progress", Int(progress * 100))
        writer.member("size", size)
        writer.member("sizeleft", tracked.isComplete ? 0 : remaining)
        writer.member("timeleft", isRunning ? eta.map(Self.clock) : nil)
        writer.member("estimatedCompletionTime", isRunning ? eta.map { now.addingTimeInterval(Double($0)) } : nil)
        writer.member("downloadSpeed", isRunning ? downloadSpeed : 0)
        if downloadProtocol == .torrent {
            writer.member("uploadSpeed", uploadSpeed)
            writer.member("seeders", seeders)
            writer.member("leechers", leechers)
        }
    }

    private func writeMedia(to writer: inout JSONWriter) {
        writer.member("movieId", media?.kind == .movie ? media?.titleID : nil)
        writer.member("seriesId", media?.kind == .series ? media?.titleID : nil)
        writer.member("episodeIds", media?.episodeIDs ?? [])
        writer.member("added", added)
        writer.member("started", started)
        writer.member("ended", tracked.ended)
        writer.member("quality", quality)
        writer.member("qualityScore", qualityScore)
    }

    /// `HH:MM:SS`; more than 99 hours keep their digits.
    private static func clock(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
