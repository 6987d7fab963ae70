import PluginAPI
import PluginHosting
import Synchronization

/// The plugins that the server has found, and those that it can use.
///
/// Looking up is a dictionary access under a lock and never waits for a scan. A scan runs on the caller's thread and
/// runs code of new plugins; only one runs at a time.
final class PluginCatalog: Sendable {
    private struct View {
        var entries: [PluginEntry] = []
        var active: [String: any UsablePlugin] = [:]
    }

    private let folders: PluginFolders
    private let switches: any PluginSwitches
    private let load: PluginShelf.Load
    private let changed: @Sendable ([PluginEntry]) -> Void
    private let shelf = Mutex(PluginShelf())
    private let view = Mutex(View())

    /// - Parameters:
    ///   - load: brings a file into the process; another one in tests.
    ///   - changed: told the whole list after a scan or switch that changed it, on the thread that did so.
    init(
        _ folders: PluginFolders,
        switches: any PluginSwitches,
        load: @escaping PluginShelf.Load = PluginCatalog.loadIntoProcess,
        changed: @escaping @Sendable ([PluginEntry]) -> Void = { _ in }
    ) {
        self.folders = folders
        self.switches = switches
        self.load = load
        self.changed = changed
    }

    /// All plugins by id, also those that cannot be used.
    var entries: [PluginEntry] { view.withLock(\.entries) }

    /// The plugin of that id, when instances of it can be created.
    func plugin(_ id: String) -> (any UsablePlugin)? {
        view.withLock { $0.active[id] }
    }

    /// The entry of that id that is used, or else the first.
    func entry(_ id: String) -> PluginEntry? {
        let found = entries.filter { $0.id == id }
        return found.first { $0.state != .superseded } ?? found.first
    }

    /// Looks at the folders and loads what is new.
    ///
    /// Files that were refused are tried again.
    func scan() {
        update { shelf in shelf.update(folders.candidates(), load: load) }
    }

    /// As `scan`, after a person has repaired what kept one plugin from working.
    ///
    /// - Throws: `.notFound` when there is no such plugin.
    func retry(_ id: String) throws(PluginError) {
        try checkExists(id)
        scan()
    }

    /// Names the plugins that something is configured for, so that one that is not there is listed as missing.
    func expect(_ ids: Set<String>) {
        update { $0.expected = ids }
    }

    /// Reads the stored switches.
    ///
    /// Call it before the first `scan`, so that a plugin that is off is not loaded.
    func loadSwitches() throws {
        let disabled = try switches.load()
        update { $0.disabled = disabled }
    }

    /// Switches a plugin on, and loads it if it is not loaded yet.
    ///
    /// - Throws: `PluginError` with `.notFound`, or what storing the switch throws.
    func enable(_ id: String) throws {
        try set(id, disabled: false)
        scan()
    }

    /// Switches a plugin off.
    ///
    /// Its library stays in the process, but it is not used and not loaded at the next start.
    ///
    /// - Throws: `PluginError` with `.notFound`, or what storing the switch throws.
    func disable(_ id: String) throws {
        try set(id, disabled: true)
    }

    private func set(_ id: String, disabled: Bool) throws {
        try checkExists(id)
        try switches.setDisabled(id, disabled)
        update { shelf in
            if disabled { shelf.disabled.insert(id) } else { shelf.disabled.remove(id) }
        }
    }

    private func checkExists(_ id: String) throws(PluginError) {
        guard entry(id) != nil else {
            throw PluginError(.notFound, "There is no plugin \(id); look at the list of plugins for those that exist.")
        }
    }

    private func update(_ change: (inout PluginShelf) -> Void) {
        let entries = shelf.withLock { shelf -> [PluginEntry]? in
            change(&shelf)
            let (entries, active) = shelf.evaluate()
            return view.withLock { view in
                let isNews = view.entries != entries
                view = View(entries: entries, active: active)
                return isNews ? entries : nil
            }
        }
        if let entries { changed(entries) }
    }

    /// Loads a plugin into this process.
    static let loadIntoProcess = loadIntoProcess(watchedBy: nil)

    /// Loads a plugin into this process.
    ///
    /// - Parameter sentinel: knows from then on when the plugin's code runs.
    static func loadIntoProcess(watchedBy sentinel: CrashSentinel?) -> PluginShelf.Load {
        { candidate in
            let mark = sentinel?.mark(for: candidate) ?? .none
            return Result { () throws(PluginRefusal) in try PluginLoader.load(candidate, mark: mark) }
        }
    }
}
