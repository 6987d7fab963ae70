import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("The values that an instance keeps")
struct InstanceValuesTests {
    private let world: HostWorld

    init() throws { world = try HostWorld() }

    private func instance(_ id: String, implementation: String = "one") async throws -> InstanceValues {
        let instance = Instance(
            id: id,
            kind: .notifier,
            name: id,
            implementation: implementation,
            isEnabled: true,
            priority: 1,
            settings: [:],
            secrets: [:],
            pathMappings: [],
            created: world.clock.now,
            updated: world.clock.now
        )
        try await world.store.save(instance, key: HostWorld.key)
        return InstanceValues(instanceID: id, store: world.store)
    }

    @Test("are its own, and go when it goes to another plugin")
    func ownership() async throws {
        let (first, second) = (try await instance("a"), try await instance("b"))
        try await first.setValue(Data("1".utf8), for: "key")
        #expect(try await second.value(for: "key") == nil)
        #expect(try await instance("a").value(for: "key") == Data("1".utf8))
        #expect(try await instance("a", implementation: "two").value(for: "key") == nil)
    }

    @Test("last as long as the trial when the instance is not stored")
    func trial() async throws {
        let values = InstanceValues(instanceID: "unsaved", store: world.store)
        try await values.setValue(Data("1".utf8), for: "key")
        #expect(try await values.value(for: "key") == Data("1".utf8))
        try await values.setValue(nil, for: "key")
        #expect(try await values.value(for: "key") == nil)
        #expect(try await InstanceValues(instanceID: "unsaved", store: world.store).value(for: "key") == nil)
    }

    @Test("have limits in number and size, and one that is there can still be replaced")
    func quota() async throws {
        let values = try await instance("a")
        func set(_ key: String, _ size: Int) async throws -> Bool {
            try await world.store.setPluginValue(
                Data(count: size),
                instance: "a",
                key: key,
                within: ValueQuota(values: 2, bytes: 10)
            )
        }
        #expect(try await set("x", 6))
        #expect(try await set("y", 5) == false)
        #expect(try await set("y", 4))
        #expect(try await set("z", 0) == false)
        #expect(try await set("x", 1))
        #expect(try await values.value(for: "x")?.count == 1)
        #expect(try await values.value(for: "z") == nil)
    }
}
