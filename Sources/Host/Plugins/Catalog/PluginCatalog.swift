import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization

/// The plugins that the server has found, and those that it can use.
///
/// Looking up is a dictionary access under a lock. Reading, trying and loading files goes on beside it, several files at
/// once, and never holds up a look-up, another file, or whoever starts it.
final class PluginCatalog: Sendable {
    private struct View {
        var entries: [PluginEntry] = []
        var active: [String: UsedPlugin] = [:]
    }

    struct State {
        var shelf: PluginShelf
        fileprivate var waiting: [(work: PluginShelf.Work, end: AsyncStream<Void>.Continuation)] = []
    }

    let places: PluginPlaces
    let memory: any PluginMemory
    let loading: any PluginLoading
    private let clock: any WallClock
    private let report: @Sendable (String) -> Void
    private let changed: @Sendable () -> Void
    private let state: Mutex<State>
    private let view = Mutex(View())
    private let list: PluginListKeeper
    /// Held while the lock is read or written, and taken over.
    private let lockTaking = Mutex(())
    /// Held while folders are read, and what they hold is taken over: an older list must not come after a newer one.
    private let listing = Mutex(())

    /// How long a start waits for plugins that need not be tried first, and a rescan for all.
    static let patience = Duration.seconds(5)

    /// - Parameters:
    ///   - atOnce: how many files are read, or tried, at once.
    ///   - report: told what went wrong with something else than a plugin, in words.
    ///   - changed: told that the list has changed; must not wait.
    init(
        _ places: PluginPlaces,
        memory: any PluginMemory,
        loading: any PluginLoading,
        clock: any WallClock,
        atOnce: Int,
        report: @escaping @Sendable (String) -> Void = { _ in },
        changed: @escaping @Sendable () -> Void = {}
    ) {
        self.places = places
        self.memory = memory
        self.loading = loading
        self.clock = clock
        self.report = report
        self.changed = changed
        state = Mutex(State(shelf: PluginShelf(atOnce: atOnce)))
        list = PluginListKeeper(memory: memory, report: report)
    }

    /// All plugins by id, also those that cannot be used.
    var entries: [PluginEntry] { view.withLock(\.entries) }

    /// The plugin of that id, when instances of it can be created.
    func plugin(_ id: String) -> (any UsablePlugin)? { use(id)?.plugin }

    /// As `plugin`, to be held while it is used.
    func use(_ id: String) -> UsedPlugin? { view.withLock { $0.active[id] } }

    /// The entry of that id that is used, or else the first.
    func entry(_ id: String) -> PluginEntry? {
        let found = entries.filter { $0.id == id }
        return found.first { $0.state != .superseded } ?? found.first
    }

    /// Reads what is remembered, and begins with what is in the folders.
    ///
    /// It returns when the plugins are there that need not be tried first; the others follow.
    ///
    /// - Throws: `CommandFailure` for a lock that cannot be read, or what the memory throws.
    func begin() async throws {
        let memories = try memory.rememberedPlugins()
        let lock = try places.lock?.read()
        update { $0.recall(memories, lock) }
        look()
        await quiet(.allButScans, within: Self.patience)
    }

    /// Begins to look at what the folders hold now, and returns at once.
    ///
    /// Files that were refused are tried again.
    func look() {
        listing.withLock { _ in
            let bundled = bundledHashes()
            let candidates = places.folders.candidates()
            update { shelf in
                if let bundled { shelf.bundled = bundled }
                shelf.update(candidates)
            }
        }
    }

    /// As `look`, and reads the lock again.
    ///
    /// - Throws: as `rescan`.
    func lookAnew() throws {
        try lockTaking.withLock { _ in
            let lock = try places.lock?.read()
            update { $0.lock = lock }
        }
        look()
    }

    /// Looks at what the folders hold now, and waits until all is known, but no longer than a moment.
    ///
    /// - Throws: `CommandFailure` for a lock that cannot be read; the one that was read before stays in force then.
    func rescan() async throws {
        try lookAnew()
        await quiet(.everything, within: Self.patience)
    }

    /// Names the plugins that something is configured for, so that one that is not there is listed as missing.
    func expect(_ ids: Set<String>) {
        update { $0.expected = ids }
    }

    /// Ends the processes of all plugins.
    func shutDown() {
        let uses = state.withLock { state in state.shelf.records.values.compactMap(\.use) }
        for use in uses { use.supervised?.stop() }
    }

    /// Returns when the list that is kept is the one that is there now.
    func keepList() async { await list.finish() }

    /// Waits until nothing is under way, but no longer than `limit`.
    ///
    /// - Parameter work: what to wait for.
    func quiet(_ work: PluginShelf.Work, within limit: Duration) async {
        let (stream, end) = AsyncStream.makeStream(of: Void.self)
        let isBusy = state.withLock { state in
            let isBusy = state.shelf.isBusy(work)
            if isBusy { state.waiting.append((work, end)) }
            return isBusy
        }
        guard isBusy else { return }
        let alarm = Task {
            try? await Task.sleep(for: limit)
            end.finish()
        }
        for await _ in stream {}
        alarm.cancel()
    }

    /// What is known of the files, at this moment.
    func read<Result: Sendable>(_ body: (PluginShelf) -> Result) -> Result { state.withLock { body($0.shelf) } }

    /// Makes a change and all that follows from it.
    @discardableResult
    func update<Result: Sendable>(_ change: (inout PluginShelf) -> Result) -> Result {
        let now = clock.now
        let (result, steps, leaving, ended, isNews) = state.withLock { state in
            let result = change(&state.shelf)
            let leaving = state.shelf.retire()
            let steps = state.shelf.begin()
            let (entries, active) = state.shelf.evaluate(now: now)
            let isNews = view.withLock { view in
                let isNews = view.entries != entries
                view = View(entries: entries, active: active)
                return isNews
            }
            let ended = state.waiting.filter { !state.shelf.isBusy($0.work) }
            state.waiting.removeAll { !state.shelf.isBusy($0.work) }
            return (result, steps, leaving, ended.map(\.end), isNews)
        }
        // Only now does a look-up find those that come in their place.
        leaving.forEach { $0.retire() }
        for step in steps { Task { await self.perform(step) } }
        if isNews {
            list.keep { self.entries }
            changed()
        }
        ended.forEach { $0.finish() }
        return result
    }

    private func perform(_ step: PluginShelf.Step) async {
        let loading = loading
        switch step {
        case .look(let candidate):
            let outcome = await BlockingWork.run {
                Result { () throws(PluginRefusal) in try loading.look(at: candidate) }
            }
            update { $0.finish(look: candidate, outcome) }
        case .scan(let candidate, let file):
            let outcome: Result<ScannedPlugin, PluginRefusal>
            do { outcome = .success(try await loading.scan(candidate, file)) } catch { outcome = .failure(error) }
            let now = clock.now
            let scan = update { $0.finish(scan: candidate, file, outcome, now: now) }
            if let scan { await attempt("what a plugin has shown") { try await self.memory.keep(scan) } }
        case .load(let candidate, let file, let scanned, let mode):
            let outcome: Result<any UsablePlugin, PluginRefusal>
            do {
                outcome = .success(
                    try await loading.load(candidate, file, scanned, mode) { [weak self] in self?.processChanged() }
                )
            } catch {
                outcome = .failure(error)
            }
            if case .success(let plugin) = outcome, loading.isForUse { pinFirst(file.sha256, as: plugin.manifest.id) }
            update { $0.finish(load: candidate, file, mode, outcome) }
        }
    }

    /// Takes up how it stands with the processes, apart from the thread that tells so, which may hold a lock.
    private func processChanged() {
        Task { self.update { _ in } }
    }

    /// Pins the first file that is used for an id.
    private func pinFirst(_ sha256: String, as id: String) {
        guard read({ $0.lock.map { !$0.pins(sha256, as: id) } ?? false }) else { return }
        do {
            try pin(sha256, as: id)
        } catch {
            report(error.words)
        }
    }

    /// Lets a file in from now on, and no other one for that id.
    func pin(_ sha256: String, as id: String) throws {
        guard let file = places.lock else { return }
        try lockTaking.withLock { _ in
            // A person may have edited it meanwhile.
            var lock = try file.read()
            lock.pin(sha256, as: id)
            try file.write(lock)
            update { [lock] in $0.lock = lock }
        }
    }

    /// Does something that can only fail because of the disk, and that the server can go on without.
    private func attempt(_ what: String, _ body: () async throws -> Void) async {
        do { try await body() } catch { report("The server cannot store \(what): \(error.words)") }
    }

    /// `nil` when the list cannot be read now.
    private func bundledHashes() -> Set<String>? {
        guard let folder = places.bundled else { return [] }
        do {
            return try BundledPins.read(in: folder)
        } catch {
            report(error.words)
            return nil
        }
    }
}
