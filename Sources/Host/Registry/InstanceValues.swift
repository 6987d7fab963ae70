import FoundationEssentials

/// The small values that one instance of a plugin keeps, in the store.
struct InstanceValues: KeyValueStore {
    let instanceID: String
    let store: Store

    func value(for key: String) async throws -> Data? {
        try store.pluginValue(instance: instanceID, key: key)
    }

    func setValue(_ value: Data?, for key: String) async throws {
        try await store.setPluginValue(value, instance: instanceID, key: key)
    }
}
