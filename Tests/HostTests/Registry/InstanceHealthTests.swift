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
        health.recordSuccess(now: now)
        #expect(health.step == 2 && health.failures == 0 && health.message == nil && health.mayTry(at: now))
        for _ in 0..<5 { health.recordSuccess(now: now) }
        #expect(!health.differs(from: InstanceHealth()) && health.lastSuccess == now)
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

    @Test(
        "what asks no backend, or cannot reach it, climbs as one that is being restarted",
        arguments: [
            PluginError.Code.unreachable, .timeout, .deadlineExceeded, .pluginCrashed,
        ]
    )
    func slow(code: PluginError.Code) {
        #expect(waits(Array(repeating: PluginError(code, "Gone."), count: 3)) == [0, 0, 1])
    }

    @Test("what climbed to a day for a wrong password waits a quarter of an hour when it cannot be reached")
    func unreachableLater() {
        let waits = waits(Array(repeating: refused, count: 9) + [unreachable, refused])
        #expect(waits.suffix(3) == [1440, 15, 1440])
    }

    @Test(
        "while the server is young a service that may be starting waits a minute at most, and climbs one step",
        arguments: [
            PluginError.Code.unreachable, .timeout, .pluginCrashed, .badResponse, .remoteFailure,
        ]
    )
    func starting(code: PluginError.Code) {
        var health = InstanceHealth(step: 5, nextAttempt: nil, message: "Down.", code: code.rawValue)
        for _ in 0..<12 {
            health.recordFailure(PluginError(code, "Down."), now: now, isStarting: true)
            #expect(health.nextAttempt == now + 60)
        }
        #expect(health.step == 5)
        var fresh = InstanceHealth()
        for _ in 0..<12 { fresh.recordFailure(PluginError(code, "Down."), now: now, isStarting: true) }
        #expect(fresh.step == 1)
    }

    @Test("also while the server is young, what a service asks for is kept, and a refused login climbs")
    func startingRefused() {
        var health = InstanceHealth()
        health.recordFailure(PluginError(.remoteFailure, "Full.", retryAfter: 600), now: now, isStarting: true)
        #expect(health.nextAttempt == now + 600)
        for _ in 0..<2 { health.recordFailure(refused, now: now, isStarting: true) }
        #expect(health.step == 3 && health.nextAttempt == now + 900)
    }

    @Test(
        "a start of the server has what could not be reached asked within a minute, and nothing else",
        arguments: [
            (PluginError.Code.unreachable, 60.0), (.pluginCrashed, 60), (.unauthorized, 900), (.rateLimited, 900),
        ]
    )
    func restart(code: PluginError.Code, wait: Double) {
        var health = InstanceHealth(step: 3, nextAttempt: now + 900, message: "No.", code: code.rawValue)
        health.serverStarted(at: now)
        #expect(health.nextAttempt == now + wait)
    }

    @Test("knows since when it fails, why, and when it last worked")
    func times() {
        var health = InstanceHealth()
        health.recordSuccess(now: now)
        health.recordFailure(unreachable, now: now + 5)
        health.recordFailure(refused, now: now + 10)
        #expect(health.since == now + 5 && health.code == "unauthorized" && health.lastSuccess == now)
        health.recordSuccess(now: now + 20)
        #expect(health.since == nil && health.code == nil && health.lastSuccess == now + 20)
    }
}
