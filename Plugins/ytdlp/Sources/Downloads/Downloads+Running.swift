import FoundationEssentials
import PluginAPI
import Synchronization

extension Downloads {
    /// What a run tells.
    private enum Event: Sendable {
        case report(Report)
        case complaint(String)
        case ended(ProgramRun.Ending)
    }

    /// Begins a download.
    func start(_ id: String) {
        guard let place, var download = all[id], running[id] == nil else { return }
        do {
            let work = place.work(download)
            let start = work + Self.way(invocation(place.cache).depth(download.options))
            try PrivateFile.makeFolder(download.root, mode: 0o777)
            try PrivateFile.makeFolder(start)
            if download.isLive { RecordedPart.keep(in: work) }
            let own = place.cookies(of: id)
            if let sharedCookies, !FileTree.exists(own.path) { try own.write(sharedCookies) }
            let launch = try tool.launch(input(download, place), in: start, home: place.data)
            download.phase = .running
            download.message = nil
            try keep(download)
            let (events, sink) = AsyncStream.makeStream(of: Event.self)
            let run = try Self.follow(launch, sink)
            running[id] = Running(run: run, heard: host.now)
            Task { [weak self] in
                for await event in events { await self?.handle(event, of: id) }
            }
        } catch {
            let words = (error as? SystemFailure).map { "yt-dlp cannot be started: \($0.words)." }
            fail(download, words ?? Self.words(error))
        }
        host.emit("changed", details: [:])
    }

    /// From the folder of work down to where yt-dlp is started.
    private static func way(_ depth: Int) -> String { String(repeating: "/" + step, count: depth) }

    private static let step = "-"

    private static func withoutWay(_ path: String) -> String {
        path.split(separator: "/").drop { $0 == step }.joined(separator: "/")
    }

    private func input(_ download: Download, _ place: Workplace) -> String {
        let own = place.cookies(of: download.id)
        return invocation(place.cache).download(
            download.link,
            download.options,
            entry: download.entry,
            cookies: FileTree.exists(own.path) ? own.path : nil,
            archive: settings.archive ? place.archive : nil
        )
    }

    private static func follow(
        _ launch: Launch,
        _ sink: AsyncStream<Event>.Continuation
    ) throws -> ProgramRun {
        let splitters = Mutex([LineSplitter(), LineSplitter()])
        return try ProgramRun.start(launch) { stream, bytes in
            let lines = splitters.withLock { $0[stream == .output ? 0 : 1].take(bytes) }
            for line in lines { tell(line, stream, sink) }
        } ended: { ending in
            for line in splitters.withLock({ $0[0].finish() + $0[1].finish() }) { tell(line, .errors, sink) }
            sink.yield(.ended(ending))
            sink.finish()
        }
    }

    private static func tell(_ line: String, _ stream: ProgramRun.Stream, _ sink: AsyncStream<Event>.Continuation) {
        if let report = Report(line) {
            sink.yield(.report(report))
            if case .error = report { sink.yield(.complaint(line)) }
        } else if stream == .errors {
            sink.yield(.complaint(line))
        }
    }

    private func handle(_ event: Event, of id: String) {
        switch event {
        case .report(let report): take(report, of: id)
        case .complaint(let line):
            running[id]?.complaints.append(line)
            if running[id]?.complaints.count ?? 0 > Self.mostComplaints { running[id]?.complaints.removeFirst() }
        case .ended(let ending): finish(id, ending)
        }
    }

    private func take(_ report: Report, of id: String) {
        guard var run = running[id], var download = all[id] else { return }
        let now = host.now
        run.heard = now
        run.activity.silence = nil
        switch report {
        case .begins(let beginning):
            // A download can hold several videos, one after the other.
            if !run.activity.hasBegun { run.activity.transfer = Transfer(beginning) }
            run.activity.hasBegun = true
            download.isLive = beginning.isLive == true
            if let title = beginning.title, !title.isEmpty { download.name = title }
            download.size = run.activity.transfer.size
            note(download)
        case .progress(let progress):
            run.activity.hasBegun = true
            run.activity.step = nil
            run.activity.transfer.take(progress)
            guard now.timeIntervalSince(run.told) >= Self.pace * 0.9 else {
                running[id] = run
                return
            }
            run.told = now
            log.note(id)
        case .step(let step):
            guard run.activity.hasBegun else { break }
            run.activity.step = step.status == "finished" ? nil : step.stage
            log.note(id)
        case .skipped: run.isSkipped = true
        case .error, .warning: break
        }
        running[id] = run
        host.emit("changed", details: [:])
    }

    private func finish(_ id: String, _ ending: ProgramRun.Ending) {
        guard let run = running.removeValue(forKey: id) else { return }
        defer {
            for waiter in run.waiting { waiter.resume() }
            startWaiting()
            host.emit("changed", details: [:])
        }
        guard var download = all[id] else { return }
        download.size = run.activity.transfer.size
        download.received = run.activity.transfer.received
        switch run.wish {
        case .remove, .end: return note(download)
        case .pause:
            download.phase = .paused
            if !download.hasCookies { place?.cookies(of: id).remove() }
            return note(download)
        case nil: break
        }
        if case .asked(let question) = ending.cause {
            return fail(download, Extractor.nobodyAnswers(question, host: download.host).message)
        }
        // 101: an option of the user's has ended it early.
        guard ending.code == 0 || ending.code == 101 else {
            return fail(download, Failure(run.complaints, link: download.link).error.message)
        }
        complete(download, isSkipped: run.isSkipped)
    }

    private func complete(_ download: Download, isSkipped: Bool) {
        guard let place else { return }
        var download = download
        let found = FileTree.files(below: place.work(download)).filter { !$0.path.isUnfinished }
        let files = found.map { Download.File(path: Self.withoutWay($0.path), size: $0.size) }
        let folder = download.folder
        guard let plan = Placement(of: files, name: download.name, isTaken: { FileTree.exists(folder + "/" + $0) })
        else {
            guard isSkipped else {
                return fail(download, "yt-dlp has left nothing: an option of this download leaves everything out.")
            }
            download.phase = .completed
            download.message = "Left out, for it was downloaded before."
            place.cookies(of: download.id).remove()
            return note(download)
        }
        download.phase = .moving
        download.moves = zip(found, plan.moves).map { Download.Move(from: $0.path, to: $1.to) }
        download.content = plan.content
        download.files = zip(plan.moves, files).map { Download.File(path: $0.to, size: $1.size) }
        download.size = files.reduce(0) { $0 + $1.size }
        download.received = download.size
        note(download)
        move(download)
    }

    /// Brings the files of a download to their place; what an earlier try has moved stays there.
    func move(_ download: Download) {
        guard let place else { return }
        var download = download
        do {
            try Placement.move(download.moves ?? [], from: place.work(download), to: download.folder)
        } catch {
            return fail(download, Self.words(error))
        }
        download.phase = .completed
        download.moves = nil
        download.message = nil
        note(download)
        place.cookies(of: download.id).remove()
        FileTree.remove(place.work(download))
        FileTree.removeEmpty(from: download.root + "/.unfinished", to: download.root)
    }

    private func fail(_ download: Download, _ words: String) {
        var download = download
        download.phase = .failed
        download.message = words
        download.files = []
        download.content = nil
        download.moves = nil
        note(download)
        // Those of the settings are there for the next try.
        if !download.hasCookies { place?.cookies(of: download.id).remove() }
        host.log(.info, "A download has failed: \(words)", fields: ["download": .string(download.id)])
    }
}

extension Report.Step {
    /// The stage in the words of the host.
    fileprivate var stage: DownloadItem.Stage {
        switch postprocessor ?? "" {
        case "Merger", "Concat", "EmbedSubtitle", "EmbedThumbnail", "Metadata": .merging
        case "MoveFiles": .moving
        case let name where name.hasPrefix("Fixup"): .repairing
        default: .converting
        }
    }
}

extension String {
    /// Whether a file of this name is one that yt-dlp needs only while it works.
    fileprivate var isUnfinished: Bool {
        hasSuffix(".part") || hasSuffix(".ytdl") || contains(".part-Frag")
    }
}
