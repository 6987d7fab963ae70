import PluginAPI
import Synchronization

/// The instances of plugins in this process, by the number that stands for each of them on the other side of the C
/// contract.
///
/// This is one table for the process, because a C function that a plugin calls has nothing but that number, and a
/// plugin may call it when the instance is long gone.
final class LiveInstances: DeadlineKeeper {
    static let shared: LiveInstances = {
        let instances = LiveInstances()
        DeadlineWatch.shared.add(instances)
        return instances
    }()

    private struct State {
        var instances: [UInt32: InProcessTransport] = [:]
        var lastNumber: UInt32 = 0
    }

    private let state = Mutex(State())
    private init() {}

    /// Registers the instance that `make` returns for the number it is given.
    func add(_ make: (_ number: UInt32) -> InProcessTransport) -> InProcessTransport {
        let number = state.withLock { state in
            // 24 bits of the number are part of every call's id.
            repeat {
                state.lastNumber = (state.lastNumber + 1) & 0xFF_FFFF
            } while state.lastNumber == 0 || state.instances[state.lastNumber] != nil
            return state.lastNumber
        }
        let instance = make(number)
        state.withLock { $0.instances[number] = instance }
        return instance
    }

    subscript(number: UInt32) -> InProcessTransport? {
        state.withLock { $0.instances[number] }
    }

    func remove(_ number: UInt32) {
        state.withLock { _ = $0.instances.removeValue(forKey: number) }
    }

    func expire(at now: UInt64) -> UInt64? {
        let instances = state.withLock { Array($0.instances.values) }
        return instances.compactMap { $0.expire(at: now) }.min()
    }
}
