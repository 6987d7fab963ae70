import Synchronization

/// The doorbells of the clients' loops, by instance.
final class Doorbells: Sendable {
    private let bells = Mutex<[String: Doorbell]>([:])

    func doorbell(_ id: String) -> Doorbell {
        bells.withLock { bells in
            if let bell = bells[id] { return bell }
            let bell = Doorbell()
            bells[id] = bell
            return bell
        }
    }

    /// Has the client asked soon.
    func ring(_ id: String) {
        bells.withLock { $0[id] }?.ring()
    }

    /// Wakes every loop.
    func ringAll() {
        for bell in bells.withLock({ Array($0.values) }) { bell.ring() }
    }

    func remove(_ id: String) {
        bells.withLock { bells in bells.removeValue(forKey: id) }?.ring()
    }
}
