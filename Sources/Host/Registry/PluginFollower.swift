import PluginAPI
import PluginHosting

/// Follows what becomes of the plugins while the server runs: writes it into the log, and has instances of plugins
/// that left or came disconnected or asked.
actor PluginFollower {
    private let registry: Registry
    private let defaults: EmbeddedDefaults?
    private let logger: Logger
    private let entries: @Sendable () -> [PluginEntry]
    private var known: [PluginEntry] = []

    /// - Parameters:
    ///   - defaults: is told which plugins can be used; `nil` when nothing is added by itself.
    ///   - entries: the plugins as they are now.
    init(
        registry: Registry,
        defaults: EmbeddedDefaults? = nil,
        logger: Logger,
        entries: @escaping @Sendable () -> [PluginEntry]
    ) {
        self.registry = registry
        self.defaults = defaults
        self.logger = logger
        self.entries = entries
    }

    /// Takes over what is there before anything is connected.
    func begin() async {
        known = entries()
        known.forEach(report)
        await registry.bringUpToDate(instancesOf: Set(Self.usable(known).keys))
        await offerDefaults()
    }

    private func offerDefaults() async {
        await defaults?.offer(known.filter { $0.state == .active }.compactMap(\.manifest))
    }

    /// Takes over what has changed since the last time.
    ///
    /// The list is read anew, so that one call may stand for many changes.
    func follow() async {
        let old = known
        known = entries()
        let reported = Set(old.map(News.init))
        for entry in known where !reported.contains(News(entry)) { report(entry) }
        let before = Self.usable(old), now = Self.usable(known)
        let left = before.filter { now[$0.key] != $0.value }
        let came = now.filter { before[$0.key] != $0.value }
        guard !left.isEmpty || !came.isEmpty else { return }
        await registry.pluginsChanged(left: Set(left.keys), came: Set(came.keys))
        await offerDefaults()
    }

    /// What connections depend on.
    private struct File: Equatable {
        let path: String
        let version: String?
        let use: ObjectIdentifier?
    }

    /// What is worth a line in the log.
    private struct News: Hashable {
        let id: String
        let path: String
        let state: PluginState
        let version: String?
        let reason: String?
        let isolation: IsolationMode?

        init(_ entry: PluginEntry) {
            id = entry.id
            path = entry.path
            state = entry.state
            version = entry.version
            reason = entry.reason
            isolation = entry.effectiveIsolation
        }
    }

    private static func usable(_ entries: [PluginEntry]) -> [String: File] {
        let active = entries.filter { $0.state == .active }
        return Dictionary(active.map { ($0.id, File(path: $0.path, version: $0.version, use: $0.use)) }) { first, _ in
            first
        }
    }

    private func report(_ entry: PluginEntry) {
        let fields: [String: JSONValue] = ["plugin": .string(entry.id), "path": .string(entry.path)]
        switch entry.state {
        case .active:
            let place = entry.effectiveIsolation == .isolated ? ", in a process of its own" : ""
            logger.info("The plugin \(entry.id) \(entry.version ?? "") is active\(place).", fields)
            if let reason = entry.reason { logger.warning(reason, fields) }
        case .disabled: logger.info("The plugin \(entry.id) is disabled.", fields)
        case .discovered: logger.debug("The plugin \(entry.id) was found: \(entry.reason ?? "")", fields)
        default: logger.warning("The plugin \(entry.id) is \(entry.state.rawValue): \(entry.reason ?? "")", fields)
        }
    }
}
