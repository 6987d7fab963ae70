import PluginAPI

import struct FoundationEssentials.Date
import struct FoundationEssentials.TimeInterval

/// The downloads of one instance: remembered in files, run by yt-dlp, a few at a time.
///
/// What has to survive is written before anything depends on it. A download that ran when the server ended goes on where
/// it was at the next start.
actor Downloads {
    /// One that runs.
    struct Running {
        /// Why it was told to stop.
        enum Wish {
            case pause, remove, end
        }

        let run: ProgramRun
        var activity = Download.Activity()
        /// The last lines that yt-dlp wrote to complain.
        var complaints: [String] = []
        var isSkipped = false
        var wish: Wish?
        /// When the host was told of progress last, and when yt-dlp has told of some.
        var told = Date.distantPast
        var heard: Date
        /// Those who wait for its end.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Seconds between two changes of one download that only its progress makes.
    static let pace = 0.25
    /// Seconds without news after which a download counts as stalled.
    static let patience = 15.0
    /// Finished downloads that are remembered.
    static let mostFinished = 1000
    /// Lines of complaint that are kept.
    static let mostComplaints = 40

    private let executor = DiskExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let settings: YtDlpSettings
    /// For downloads that bring none of their own, as a file holds them.
    let sharedCookies: String?
    let invocation: @Sendable (_ cache: String) -> Invocation
    let tool: Tool
    let host: any HostServices
    let epoch: String
    let turns: Turns

    var all: [String: Download] = [:]
    /// The ids in the order in which they were added.
    var order: [String] = []
    var running: [String: Running] = [:]
    var log = ChangeLog()
    var place: Workplace?
    var isEnding = false

    init(
        settings: CheckedSettings,
        tool: Tool,
        host: any HostServices,
        epoch: String,
        invocation: @escaping @Sendable (_ cache: String) -> Invocation
    ) {
        self.settings = settings.settings
        sharedCookies = settings.cookies
        self.tool = tool
        self.host = host
        self.epoch = epoch
        self.invocation = invocation
        turns = Turns(most: settings.settings.maxDownloads, mostPerHost: settings.settings.maxPerHost)
    }

    // MARK: Reading

    func changes(since cursor: String?) throws -> DownloadChanges {
        noteSilence()
        let known = cursor.flatMap { $0.hasPrefix(epoch + "-") ? UInt64($0.dropFirst(epoch.count + 1)) : nil }
        let changes = known.flatMap { log.changes(after: $0) }
        return DownloadChanges(
            cursor: "\(epoch)-\(log.revision)",
            isComplete: changes == nil,
            items: (changes?.changed ?? order).compactMap(item),
            removed: changes?.removed ?? []
        )
    }

    func item(_ id: String) -> DownloadItem? {
        all[id].map { $0.item(running[id]?.activity) }
    }

    func files(of id: String) throws -> [DownloadFile] {
        try download(id).files.enumerated().map { index, file in
            DownloadFile(index: index, path: file.path, size: file.size, completed: file.size)
        }
    }

    /// - Throws: `.notFound`.
    func download(_ id: String) throws -> Download {
        guard let download = all[id] else {
            throw PluginError(.notFound, "yt-dlp has no download \(id.prefix(50)).")
        }
        return download
    }

    // MARK: Changing

    /// Remembers a download, and begins it when its turn comes.
    ///
    /// - Returns: whether it was there already.
    func add(_ download: Download, cookies: String?) throws -> Bool {
        let place = try workplace()
        if all[download.id] != nil { return true }
        if let cookies { try place.cookies(of: download.id).write(cookies) }
        try keep(download)
        order.append(download.id)
        forgetOldest()
        return false
    }

    /// Begins what may begin now.
    func startWaiting() {
        guard !isEnding else { return }
        let active = order.compactMap { all[$0] }
        let waiting = active.filter { $0.phase == .queued }
        guard !waiting.isEmpty else { return }
        // One that is stopping still has its place.
        let busy = active.filter { running[$0.id] != nil }
        for id in turns.next(waiting.filter { running[$0.id] == nil }, running: busy) { start(id) }
    }

    func pause(_ id: String) async throws {
        var download = try download(id)
        switch download.phase {
        case .queued:
            download.phase = .paused
            try keep(download)
        case .running where download.isLive && running[id]?.activity.hasBegun == true:
            // What was recorded so far is whole, and becomes the finished file.
            running[id]?.run.interrupt()
        case .running: await stop(id, .pause)
        case .paused, .moving, .completed, .failed: return
        }
        host.emit("changed", details: [:])
        startWaiting()
    }

    func resume(_ id: String) throws {
        var download = try download(id)
        guard download.phase == .paused else { return }
        download.phase = .queued
        try keep(download)
        startWaiting()
    }

    func retry(_ id: String) throws {
        var download = try download(id)
        guard download.phase == .failed else { return }
        if download.hasCookies, let place, !FileTree.exists(place.cookies(of: id).path) {
            throw PluginError(.unsupported, "The cookies of this download are gone; add it again with them.")
        }
        download.phase = .queued
        download.message = nil
        try keep(download)
        startWaiting()
    }

    func prioritize(_ id: String, _ priority: DownloadPriority) throws {
        var download = try download(id)
        download.priority = priority.rawValue
        try keep(download)
        startWaiting()
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        let place = try workplace()
        guard all[id] != nil else { return }
        await stop(id, .remove)
        guard let download = all.removeValue(forKey: id) else { return }
        order.removeAll { $0 == id }
        log.noteRemoval(id)
        place.forget(id)
        if deletingData { delete(download, in: place) }
        startWaiting()
    }

    /// Ends what runs, so that it goes on at the next start.
    func end() async {
        isEnding = true
        for id in running.keys { running[id]?.wish = .end }
        for running in running.values { running.run.stop() }
        for id in running.keys { await ended(id) }
        place?.leave()
        place = nil
    }

    // MARK: Keeping

    /// Writes a download and remembers it.
    func keep(_ download: Download) throws {
        try workplace().save(download)
        all[download.id] = download
        log.note(download.id)
    }

    /// As `keep`, for a change that must not get lost because the disk is full just now.
    func note(_ download: Download) {
        all[download.id] = download
        log.note(download.id)
        do { try place?.save(download) } catch {
            host.log(.error, "A download cannot be remembered: \(Self.words(error))", fields: [:])
        }
    }

    func workplace() throws -> Workplace {
        guard let place else {
            throw PluginError(.conflict, "Another process uses the folder of this client. End it, then try again.")
        }
        return place
    }

    private func stop(_ id: String, _ wish: Running.Wish) async {
        guard running[id] != nil else { return }
        running[id]?.wish = wish
        running[id]?.run.stop()
        await ended(id)
    }

    private func ended(_ id: String) async {
        await withCheckedContinuation { waiter in
            if running[id] == nil { waiter.resume() } else { running[id]?.waiting.append(waiter) }
        }
    }

    private func delete(_ download: Download, in place: Workplace) {
        FileTree.remove(place.work(download))
        FileTree.removeEmpty(from: download.root + "/.unfinished", to: download.root)
        for file in download.files {
            PrivateFile.remove(download.folder + "/" + file.path)
            let parent = (download.folder + "/" + file.path).split(separator: "/").dropLast()
            FileTree.removeEmpty(from: "/" + parent.joined(separator: "/"), to: download.root)
        }
    }

    private func forgetOldest() {
        let finished = order.filter { all[$0]?.phase == .completed }
        for id in finished.prefix(max(0, finished.count - Self.mostFinished)) {
            all[id] = nil
            order.removeAll { $0 == id }
            place?.forget(id)
            log.noteRemoval(id)
        }
    }

    private func noteSilence() {
        for (id, run) in running where run.activity.step == nil && all[id]?.phase == .running {
            let seconds = host.now.timeIntervalSince(run.heard)
            guard seconds >= Self.patience else { continue }
            running[id]?.activity.silence = Int(seconds)
            log.note(id)
        }
    }
}
