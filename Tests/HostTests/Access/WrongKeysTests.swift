import FoundationEssentials
import HTTPServer
import Synchronization
import Testing

@testable import Host

/// Keys that nobody made, and sessions of keys that are gone.
struct WrongKeysTests {
    private let clock = RegistryWorld.SetClock()
    private let reads = RegistryWorld.Counter()

    private func ring(
        _ keys: [AccessKey] = [],
        sessions: [Session] = [],
        adminKey: String? = nil
    ) -> KeyRing {
        KeyRing(sessions: sessions, adminKey: adminKey, clock: clock) { [reads] in
            reads.add()
            return keys
        }
    }

    private func request(_ key: String) -> HTTPRequest { HTTPRequest(.get, "/api/queue", headers: ["x-api-key": key]) }

    @Test("an address that shows wrong keys is stopped, and is answered 429 then")
    func limited() throws {
        let gate = Gate(keys: ring(), limiter: RateLimiter(clock: clock), limitsLoopback: true)
        var statuses: [Int: Int] = [:]
        for number in 0..<700 {
            let error = #expect(throws: HTTPError.self) {
                try gate.admit(request("kd_wrong\(number)"), atLeast: .anonymous)
            }
            statuses[error?.status.code ?? 0, default: 0] += 1
        }
        #expect(statuses == [401: 600, 429: 100])
    }

    @Test("a valid key passes at an address that has shown wrong ones")
    func valid() throws {
        let (key, secret) = AccessKey.make(name: "mine", role: .user, now: clock.now)
        let gate = Gate(keys: ring([key]), limiter: RateLimiter(clock: clock), limitsLoopback: true)
        for _ in 0..<700 { _ = try? gate.admit(request("kd_wrong"), atLeast: .anonymous) }
        #expect(try gate.admit(request(secret), atLeast: .user).keyID == key.id)
    }

    @Test("unknown secrets make the store be read twenty times at once, and twenty times a second after that")
    func reading() {
        let ring = ring()
        let before = reads.count
        for _ in 0..<100 { #expect(ring.caller(showing: "kd_wrong") == nil) }
        #expect(reads.count - before == 20)
        clock.advance(0.5)
        for _ in 0..<100 { #expect(ring.caller(showing: "kd_wrong") == nil) }
        #expect(reads.count - before == 30)
    }

    @Test("a key that was just made works at once")
    func newKey() {
        let box = Box()
        let ring = KeyRing(clock: clock) { box.keys }
        let (key, secret) = AccessKey.make(name: "new", role: .admin, now: clock.now)
        box.add(key)
        #expect(ring.caller(showing: secret)?.keyID == key.id)
    }

    @Test("a session of the environment's key ends when another key is given, or none")
    func environment() throws {
        let first = "the first long key"
        let caller = try #require(ring(adminKey: first).caller(showing: first))
        let (session, secret) = Session.make(for: caller, now: clock.now)
        #expect(ring(sessions: [session], adminKey: first).caller(showing: secret)?.role == .admin)
        #expect(ring(sessions: [session], adminKey: "the second long key").caller(showing: secret) == nil)
        #expect(ring(sessions: [session]).caller(showing: secret) == nil)
    }

    @Test("a session that an older version bound to any key of the environment is gone")
    func oldSession() {
        let old = Caller(role: .admin, keyID: "environment")
        let (session, secret) = Session.make(for: old, now: clock.now)
        #expect(ring(sessions: [session], adminKey: "the first long key").caller(showing: secret) == nil)
    }

    @Test("the id of the environment's key does not give the key away")
    func identity() throws {
        let id = try #require(ring(adminKey: "the first long key").caller(showing: "the first long key")?.keyID)
        #expect(id.hasPrefix("environment-") && id.utf8.count == 20)
    }

    private final class Box: Sendable {
        private let stored = Mutex<[AccessKey]>([])
        var keys: [AccessKey] { stored.withLock { $0 } }
        func add(_ key: AccessKey) { stored.withLock { $0.append(key) } }
    }
}
