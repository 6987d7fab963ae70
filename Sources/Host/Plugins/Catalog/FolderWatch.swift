import Glibc
import PluginHosting
import Synchronization

/// Tells when something in the plugin folders, or in the folders inside of them, has changed.
///
/// It waits until nothing has happened for a moment, so that a file that is being copied is looked at when it is
/// complete. A folder that does not exist is looked for again every few seconds.
final class FolderWatch: Sendable {
    private let folders: [String]
    private let settleMilliseconds: UInt64
    private let wake = WakeUp()
    private let isStopped = Atomic<Bool>(false)
    private let changed: @Sendable () -> Void

    /// - Parameters:
    ///   - settleMilliseconds: how long nothing may happen before `changed` is called.
    ///   - changed: called on the watch's own thread.
    init(_ folders: [String], settleMilliseconds: UInt64 = 500, changed: @escaping @Sendable () -> Void) {
        self.folders = folders
        self.settleMilliseconds = settleMilliseconds
        self.changed = changed
    }

    /// Starts watching.
    ///
    /// What is in the folders already is not told.
    ///
    /// - Returns: `false` when the system does not let us watch; a rescan by hand still works then.
    func start() -> Bool {
        let events = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard events >= 0 else { return false }
        let watched = watch(with: events)
        return SystemThread.start {
            self.run(events, watching: watched)
            close(events)
        }
    }

    /// Ends the watch; `changed` may still be called once.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        wake.signal()
    }

    private func run(_ events: Int32, watching first: Set<String>) {
        var watched = first
        while !isStopped.load(ordering: .acquiring) {
            // Every watched folder reports its changes; only one that is not there has to be looked for.
            wake.wait(milliseconds: 5000, orReadable: events)
            let found = watch(with: events)
            let hasEvents = drain(events)
            guard hasEvents || found != watched else { continue }
            settle(events)
            watched = watch(with: events)
            if !isStopped.load(ordering: .acquiring) { changed() }
        }
    }

    /// Waits until it is quiet, at most for 60 pauses: a folder that never rests must not keep a plugin away.
    private func settle(_ events: Int32) {
        for _ in 0..<60 {
            wake.wait(milliseconds: settleMilliseconds, orReadable: events)
            if isStopped.load(ordering: .acquiring) || !drain(events) { return }
        }
    }

    /// Watches the folders and the folders inside of them; the system keeps one watch for each, however often it is
    /// asked.
    ///
    /// - Returns: the folders that are there.
    private func watch(with events: Int32) -> Set<String> {
        let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB)
        var watched: Set<String> = []
        for folder in folders {
            let inner = Folder.names(in: folder).prefix(PluginFolders.limit).map { "\(folder)/\($0)" }
            for path in [folder] + inner where PluginFileStatus(path)?.isFolder == true {
                if inotify_add_watch(events, path, mask) >= 0 { watched.insert(path) }
            }
        }
        return watched
    }

    /// Takes the events that are waiting.
    private func drain(_ events: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
            var hasEvents = false
            // Bounded, because a folder that changes all the time would keep us here.
            for _ in 0..<256 where read(events, buffer.baseAddress, buffer.count) > 0 { hasEvents = true }
            return hasEvents
        }
    }
}
