import FoundationEssentials
import PluginAPI
import Synchronization

@testable import Host

/// An import that does what the test says, and by default puts one file into the library.
final class ScriptedImporter: DownloadImporting {
    struct State {
        /// Ids of the items, in the order in which they came.
        var begun: [String] = []
        var failure: ImportFailure?
        /// What `record` answered.
        var recorded: [Bool] = []
    }

    let state = Mutex(State())
    /// Holds each import up before it records, when there is one.
    let latch: Latch?

    init(latch: Latch? = nil) {
        self.latch = latch
    }

    var begun: [String] { state.withLock(\.begun) }

    func importDownload(
        _ item: QueueItem,
        progress: @escaping @Sendable (String) -> Void,
        record: @escaping @Sendable (ImportedDownload) async throws -> Bool
    ) async throws(ImportFailure) {
        let failure = state.withLock { state in
            state.begun.append(item.id)
            return state.failure
        }
        await latch?.pass()
        if let failure { throw failure }
        do {
            let answer = try await record(Self.imported(item))
            state.withLock { $0.recorded.append(answer) }
        } catch {
            throw ImportFailure(.inputOutput, "\(error)", isRetryable: true)
        }
    }

    static func imported(_ item: QueueItem) -> ImportedDownload {
        let title = Title(
            id: item.media?.titleID ?? "title-" + item.id,
            kind: .movie,
            title: item.title,
            added: ManualClock.start
        )
        let file = LibraryFile(
            id: "file-" + item.id,
            titleID: title.id,
            path: "/library/\(item.id).mkv",
            size: 7,
            quality: "Bluray-1080p",
            subtitles: [],
            queueID: item.id,
            added: ManualClock.start
        )
        return ImportedDownload(
            importID: "import-" + item.id,
            title: title,
            media: .init(titleID: title.id, kind: .movie),
            files: [file],
            replaced: []
        )
    }
}
