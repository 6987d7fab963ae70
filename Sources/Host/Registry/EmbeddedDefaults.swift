import FoundationEssentials
import PluginAPI

/// Gives a server that begins with nothing configured an instance of each plugin that needs nothing else to work.
///
/// Once for each kind: who deletes the instance does not get it back, and who has configured another one first does not
/// get it at all.
actor EmbeddedDefaults {
    /// Behind what a person configures: that begins with 1.
    static let priority = 50

    private let registry: Registry
    private let store: Store
    private let plugins: any PluginSource
    private let logger: Logger
    private let clock: any WallClock
    /// The kinds for which it is not decided yet.
    private var open: Set<PluginManifest.Kind>

    /// - Throws: what the store throws.
    init(registry: Registry, store: Store, plugins: any PluginSource, logger: Logger, clock: any WallClock) throws {
        (self.registry, self.store, self.plugins) = (registry, store, plugins)
        (self.logger, self.clock) = (logger, clock)
        open = Set(try PluginManifest.Kind.allCases.filter { try !store.isDefaultDecided(for: $0) })
    }

    /// Looks whether something is to be added, now that these plugins can be used.
    func offer(_ active: [PluginManifest]) async {
        for kind in PluginManifest.Kind.allCases where open.contains(kind) {
            do {
                try await decide(kind, active)
            } catch {
                // The next change of the plugins, or the next start, tries again.
                logger.error("The default for \(kind.rawValue) cannot be added. \(error.words)")
            }
        }
    }

    private func decide(_ kind: PluginManifest.Kind, _ active: [PluginManifest]) async throws {
        let isConfigured = await !registry.instances(of: kind).isEmpty
        let fitting = active.filter { $0.isEmbeddedDefault == true && $0.kinds.contains(.known(kind)) }
        let chosen = fitting.min { $0.id < $1.id }
        // A plugin may still become active later.
        guard isConfigured || chosen != nil else { return }
        open.remove(kind)
        do {
            if !isConfigured, let chosen { try await add(chosen, kind) }
            try store.decideDefault(for: kind)
        } catch {
            open.insert(kind)
            throw error
        }
    }

    private func add(_ manifest: PluginManifest, _ kind: PluginManifest.Kind) async throws {
        let draft = InstanceDraft(implementation: manifest.id, priority: Self.priority)
        try await registry.save(draft.instance(replacing: nil, kind: kind, plugins: plugins, now: clock.now))
        logger.info("Added \(manifest.name), for nothing was configured yet.", ["plugin": .string(manifest.id)])
    }
}
