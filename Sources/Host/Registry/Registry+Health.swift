import FoundationEssentials
import PluginAPI

/// How well each instance does.
extension Registry {
    /// How every instance stands, in no order.
    var standings: [InstanceStanding] { instances.values.map { InstanceStanding($0, plugins: plugins) } }

    /// The instance has done what it was asked for.
    func recordSuccess(_ id: String) async {
        guard let instance = instances[id] else { return }
        let now = clock.now
        if instance.health.message != nil {
            logger.info("\(instance.name) works again.", ["instance": .string(id)])
        }
        await changeHealth(id) { $0.recordSuccess(now: now) }
    }

    /// The instance could not do what every instance of its kind must be able to.
    ///
    /// Not for a call that was about one thing and failed because of that thing. A call that was cancelled says nothing
    /// about anybody.
    func recordFailure(_ id: String, _ error: PluginError) async {
        guard error.code.value != .cancelled else { return }
        let now = clock.now
        let isStarting = (0..<InstanceHealth.grace).contains(now.timeIntervalSince(started))
        // Without its plugin the backend was not asked: when the plugin is back, nothing is to be waited for.
        let isMissing = instances[id].map { plugins.manifest(of: $0.implementation) == nil } ?? false
        await changeHealth(id) { health in
            if isMissing {
                health.recordMissingPlugin(error.message, now: now)
            } else {
                health.recordFailure(error, now: now, isStarting: isStarting)
            }
        }
    }

    /// Forgets earlier failures, after a person has tested the instance with success, and has it asked at once.
    func resetHealth(_ id: String) async {
        // A connection that has failed may remember it, a login that was refused for example, and never try again.
        if instances[id]?.health.message != nil { await replaceConnection(of: id) }
        let now = clock.now
        await changeHealth(id) { health in
            health.forgive()
            health.recordSuccess(now: now)
        }
        await changeHandler()
    }

    func changeHealth(_ id: String, _ change: (inout InstanceHealth) -> Void) async {
        guard var instance = instances[id] else { return }
        let before = instance.health
        change(&instance.health)
        instances[id] = instance
        // A client that works is asked every other second, which is nothing to be written down.
        guard instance.health.differs(from: before) else { return }
        if before.message == nil, let message = instance.health.message {
            logger.warning("\(instance.name) failed: \(message)", ["instance": .string(id)])
        }
        healthHandler()
        await storeHealth(of: instance)
    }

    func storeHealth(of instance: Instance) async {
        do {
            try await store.saveHealth(instance.health, of: instance.id)
        } catch {
            logger.error("The health of \(instance.name) cannot be stored: \(error.words)")
        }
    }

    /// Writes down what is not written at each success.
    func storeLastSuccesses() async {
        do {
            try await store.saveLastSuccesses(instances.compactMapValues(\.health.lastSuccess))
        } catch {
            logger.error("When backends worked for the last time cannot be stored: \(error.words)")
        }
    }
}
