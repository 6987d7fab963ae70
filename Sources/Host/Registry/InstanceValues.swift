import FoundationEssentials
import PluginAPI
import SQLite
import Synchronization

/// The small values that one instance of a plugin keeps, in the store.
///
/// Settings that are only tried out belong to no stored instance; their values last as long as the trial.
final class InstanceValues: KeyValueStore {
    /// What all values of an instance may come to.
    static let quota = ValueQuota(values: 1000, bytes: 64 << 20)

    private let instanceID: String
    private let store: Store
    private let trial = Mutex<[String: Data]>([:])

    init(instanceID: String, store: Store) {
        self.instanceID = instanceID
        self.store = store
    }

    func value(for key: String) async throws -> Data? {
        if let value = trial.withLock({ $0[key] }) { return value }
        return try store.pluginValue(instance: instanceID, key: key)
    }

    func setValue(_ value: Data?, for key: String) async throws {
        trial.withLock { $0[key] = nil }
        do {
            let isKept = try await store.setPluginValue(value, instance: instanceID, key: key, within: Self.quota)
            guard isKept else { throw Self.quotaIsUsedUp }
        } catch let error as SQLiteError where error.isForeignKey {
            try keepForTrial(value, key)
        }
    }

    private func keepForTrial(_ value: Data?, _ key: String) throws {
        let isKept = trial.withLock { values in
            let bytes = values.values.reduce(value?.count ?? 0) { $0 + $1.count }
            guard values.count < Self.quota.values, bytes <= Self.quota.bytes else { return false }
            values[key] = value
            return true
        }
        guard isKept else { throw Self.quotaIsUsedUp }
    }

    private static let quotaIsUsedUp = PluginError(
        .invalid,
        "The instance keeps \(quota.values) values or \(quota.bytes) bytes already; remove some before storing more.",
        field: "key"
    )
}
