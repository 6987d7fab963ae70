/// Gathers the journal entries of an import and remembers which belong together.
struct ImportDraft {
    private struct Planned {
        let item: ImportPlan.Item
        let video: Int
        let subtitles: [Int]
    }

    /// The most files of one name beside each other.
    private static let mostNumbered = 20

    private(set) var entries: [ImportEntry] = []
    private var skipped: [String] = []
    private var planned: [Planned] = []
    private let request: ImportRequest
    private let root: String
    private let transfer: FileTransfer

    /// - Parameter root: the real path of the root folder.
    init(_ request: ImportRequest, root: String, _ transfer: FileTransfer) {
        self.request = request
        self.root = root
        self.transfer = transfer
    }

    /// Plans a video and its subtitles.
    ///
    /// Another file at a movie's name is another version and stays: the new one gets a number. For an episode it is a
    /// conflict that the user has to solve.
    mutating func add(_ item: ImportPlan.Item) throws(ImportFailure) {
        let numbers = item.mayBeNumbered ? 1...Self.mostNumbered : 1...1
        for number in numbers {
            let mark = number == 1 ? "" : " (\(number))"
            do throws(ImportFailure) {
                let entry = try plan(item.video.path, item.name(mark + "." + item.video.fileExtension), item.replaces)
                entries.append(entry)
                let video = entry.index
                planned.append(.init(item: item, video: video, subtitles: addSubtitles(of: item, mark)))
                return
            } catch {
                guard error.code == .targetExists, number < numbers.upperBound else { throw error }
            }
        }
    }

    /// What the host has to store.
    ///
    /// - Parameter modes: how each of `entries` came.
    func report(_ modes: [ImportReport.Mode], skipped: [String]) -> ImportReport {
        let files = planned.map { plan in
            let entry = entries[plan.video]
            return ImportReport.File(
                path: entry.target,
                size: entry.size,
                quality: plan.item.release.quality,
                release: plan.item.release,
                mode: entry.mayMoveSource ? .move : modes[plan.video],
                source: entry.source,
                episodeIDs: plan.item.episodeIDs,
                subtitles: plan.subtitles.map { entries[$0].target },
                replaced: plan.item.replaces
            )
        }
        return ImportReport(importID: request.importID, files: files, skipped: skipped + self.skipped)
    }

    private mutating func addSubtitles(of item: ImportPlan.Item, _ mark: String) -> [Int] {
        var indices: [Int] = []
        for subtitle in item.subtitles {
            do throws(ImportFailure) {
                let entry = try plan(subtitle.file.path, item.name(mark + subtitle.suffix), nil)
                indices.append(entry.index)
                entries.append(entry)
            } catch {
                // A subtitle is not worth losing the video for.
                skipped.append("\(subtitle.file.relativePath): \(error.message)")
            }
        }
        return indices
    }

    private func plan(_ source: String, _ name: String, _ replaces: String?) throws(ImportFailure) -> ImportEntry {
        let target: String
        do throws(SafePath.Refusal) {
            target = try SafePath(name).resolve(inside: root, on: transfer.files)
        } catch {
            throw ImportFailure(.badName, "The name \(name) cannot be used: \(error).", isRetryable: false)
        }
        guard !entries.contains(where: { $0.target == target }) else {
            throw ImportFailure(
                .targetExists,
                "Two files of the download would get the name \(target).",
                isRetryable: false
            )
        }
        return try transfer.plan(
            .init(
                importID: request.importID,
                index: entries.count,
                queueItemID: request.queueItemID,
                source: source,
                target: target,
                root: root,
                replaces: replaces,
                mayMoveSource: request.canMoveFiles
            )
        )
    }
}
