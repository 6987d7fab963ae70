import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("The health of an instance")
struct InstanceHealthTests {
    private let now = ManualClock.start
    private let refused = PluginError(.unauthorized, "Wrong password.")
    private let unreachable = PluginError(.unreachable, "Nobody there.")

    private func waits(_ errors: [PluginError]) -> [Double] {
        var health = InstanceHealth()
        return errors.map { error in
            health.recordFailure(error, now: now)
            return (health.nextAttempt?.timeIntervalSince(now) ?? 0) / 60
        }
    }

    @Test("each failure climbs a step, up to a day")
    func ladder() {
        let waits = waits(Array(repeating: refused, count: 12))
        #expect(waits == [1, 5, 15, 30, 60, 180, 360, 720, 1440, 1440, 1440, 1440])
    }

    @Test("a service that cannot be reached climbs on each third failure, and no further than a quarter of an hour")
    func unreachableLadder() {
        let waits = waits(Array(repeating: unreachable, count: 15))
        #expect(waits == [0, 0, 1, 1, 1, 5, 5, 5, 15, 15, 15, 15, 15, 15, 15])
    }

    @Test("a wait that the service asks for is kept when it is the longer one")
    func retryAfter() {
        #expect(waits([PluginError(.rateLimited, "Slow down.", retryAfter: 600)]) == [10])
        #expect(waits([PluginError(.rateLimited, "Slow down.", retryAfter: 5)]) == [1])
        #expect(waits([PluginError(.unreachable, "Later.", retryAfter: 30)]) == [0.5])
    }

    @Test("no service can ask for more than a day", arguments: [86_401, Int.max])
    func hugeRetryAfter(seconds: Int) async throws {
        #expect(waits([PluginError(.rateLimited, "Slow down.", retryAfter: seconds)]) == [1440])
        let world = try await HostWorld.with("one")
        await world.registry.recordFailure("id-one", PluginError(.rateLimited, "Slow down.", retryAfter: seconds))
        #expect(await world.registry.instance("id-one")?.health.nextAttempt == now + 86_400)
    }

    @Test("a success goes one step down and forgets the failure")
    func success() {
        var health = InstanceHealth()
        for _ in 0..<3 { health.recordFailure(refused, now: now) }
        health.recordSuccess()
        #expect(health.step == 2 && health.failures == 0 && health.message == nil && health.mayTry(at: now))
        for _ in 0..<5 { health.recordSuccess() }
        #expect(health == InstanceHealth())
    }

    @Test("may be tried from the time on for which it waits")
    func mayTry() {
        var health = InstanceHealth()
        #expect(health.mayTry(at: now))
        health.recordFailure(refused, now: now)
        #expect(!health.mayTry(at: now + 59) && health.mayTry(at: now + 60))
    }

    @Test("has a word for its state")
    func status() {
        var health = InstanceHealth()
        #expect(health.status == "healthy")
        health.recordFailure(unreachable, now: now)
        #expect(health.status == "warning")
        health.recordFailure(refused, now: now)
        #expect(health.status == "failing")
    }

    @Test("a stored form that makes no sense is put within bounds", arguments: [(-1, 0), (99, 9)])
    func stored(step: Int, expected: Int) {
        let health = InstanceHealth(step: step, nextAttempt: nil, message: "x")
        #expect(health.step == expected && health.failures >= 1)
    }
}
