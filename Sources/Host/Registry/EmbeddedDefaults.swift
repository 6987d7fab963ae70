import FoundationEssentials
import PluginAPI

/// Gives a server that begins with nothing configured an instance of each plugin that works without settings: those
/// whose test succeeds, for a program that a plugin drives may be missing.
///
/// Once for each kind: who deletes an instance does not get it back, and who has configured another one first does not
/// get any.
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
        // A plugin may still become active later.
        guard isConfigured || !fitting.isEmpty else { return }
        open.remove(kind)
        do {
            var isDecided = isConfigured
            if !isConfigured {
                for manifest in fitting.sorted(by: { $0.id < $1.id }) where try await add(manifest, kind) {
                    isDecided = true
                }
            }
            if isDecided { try store.decideDefault(for: kind) } else { open.insert(kind) }
        } catch {
            open.insert(kind)
            throw error
        }
    }

    /// - Returns: whether it works, and was added.
    private func add(_ manifest: PluginManifest, _ kind: PluginManifest.Kind) async throws -> Bool {
        let draft = InstanceDraft(implementation: manifest.id, priority: Self.priority)
        let instance = try draft.instance(replacing: nil, kind: kind, plugins: plugins, now: clock.now)
        let fields: [String: JSONValue] = ["plugin": .string(manifest.id)]
        if let problem = await problem(of: instance) {
            logger.info("\(manifest.name) is not added by itself: \(problem)", fields)
            return false
        }
        try await registry.save(instance)
        logger.info("Added \(manifest.name), for nothing was configured yet.", fields)
        return true
    }

    /// Why the instance would not work; `nil` when it would.
    private func problem(of instance: Instance) async -> String? {
        do {
            let failed = try await registry.test(instance).checks.first { !$0.ok }
            return failed.map { $0.message ?? "Its test fails at \($0.name)." }
        } catch {
            return error.words
        }
    }
}
