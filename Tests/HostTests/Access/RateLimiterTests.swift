import FoundationEssentials
import Testing

@testable import Host

@Suite("The limit of requests")
struct RateLimiterTests {
    private let clock = ManualClock()
    private let limiter: RateLimiter

    init() { limiter = RateLimiter(clock: clock) }

    private func use(_ caller: Caller, _ address: String, _ count: Int) -> Int {
        (0..<count).count { _ in limiter.delay(for: caller, at: address) == nil }
    }

    @Test("an address without a key has a small bucket, that fills again with time")
    func anonymous() {
        #expect(use(.anonymous, "a", 601) == 600)
        #expect(limiter.delay(for: .anonymous, at: "a") == 6)
        clock.advance(6)
        #expect(limiter.delay(for: .anonymous, at: "a") == nil)
        #expect(limiter.delay(for: .anonymous, at: "a") == 6)
        clock.advance(2 * 3600)
        #expect(use(.anonymous, "a", 700) == 600)
    }

    @Test("each address and each key has its own, and a key is the same from everywhere")
    func apart() {
        #expect(use(.anonymous, "a", 600) == 600)
        #expect(limiter.delay(for: .anonymous, at: "b") == nil)
        let key = Caller(role: .user, keyID: "k")
        #expect(use(key, "a", 5000) + use(key, "b", 5001) == 10_000)
        #expect(limiter.delay(for: key, at: "c") == 1)
        #expect(limiter.delay(for: Caller(role: .user, keyID: "other"), at: "a") == nil)
    }

    @Test("a clock that is set back takes nothing away")
    func clockSetBack() {
        #expect(use(.anonymous, "a", 10) == 10)
        clock.advance(-3600)
        #expect(use(.anonymous, "a", 590) == 590)
    }

    @Test("others who ask, however many, do not empty or fill a bucket that is in use")
    func crowd() {
        #expect(use(.anonymous, "a", 300) == 300)
        for stranger in 0..<RateLimiter.mostCallers { _ = limiter.delay(for: .anonymous, at: "s\(stranger)") }
        #expect(use(.anonymous, "a", 400) == 300)
    }
}
