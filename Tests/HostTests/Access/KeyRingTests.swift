import Cryptography
import FoundationEssentials
import Testing

@testable import Host

@Suite("The ring of keys")
struct KeyRingTests {
    private let clock = ManualClock()

    private func ring(
        _ keys: [AccessKey] = [],
        sessions: [Session] = [],
        adminKey: String? = nil
    ) -> KeyRing {
        KeyRing(sessions: sessions, adminKey: adminKey, clock: clock) { keys }
    }

    @Test("knows a stored key by its text, with its role", arguments: [Role.user, .admin])
    func stored(role: Role) {
        let (key, secret) = AccessKey.make(name: "k", role: role, now: clock.now)
        let ring = ring([key])
        let caller = ring.caller(showing: secret)
        #expect(caller?.role == role && caller?.keyID == key.id)
        #expect(secret.hasPrefix("kd_") && !key.hash.isEmpty)
        for other in ["", String(secret.dropLast()), secret + "x", key.id] {
            #expect(ring.caller(showing: other) == nil)
        }
    }

    @Test("refuses a revoked key")
    func revoked() {
        var (key, secret) = AccessKey.make(name: "k", role: .admin, now: clock.now)
        key.revoked = clock.now
        #expect(ring([key]).caller(showing: secret) == nil)
    }

    @Test("finds a key that was made on the command line meanwhile")
    func madeLater() {
        let keys = Recorder<[AccessKey]>()
        let ring = KeyRing(clock: clock) { keys.all.last }
        let (key, secret) = AccessKey.make(name: "k", role: .user, now: clock.now)
        #expect(ring.caller(showing: secret) == nil)
        keys.add([key])
        #expect(ring.caller(showing: secret)?.keyID == key.id)
    }

    @Test("holds a key until it is revoked")
    func holds() {
        let keys = Recorder<[AccessKey]>()
        var (key, _) = AccessKey.make(name: "k", role: .user, now: clock.now)
        keys.add([key])
        let ring = KeyRing(adminKey: "a-key-of-the-environment", clock: clock) { keys.all.last }
        #expect(ring.holds(key.id) && !ring.holds("another"))
        #expect(ring.caller(showing: "a-key-of-the-environment")?.keyID.map(ring.holds) == true)
        key.revoked = clock.now
        keys.add([key])
        ring.refresh()
        #expect(!ring.holds(key.id))
    }

    @Test("keeps what it knows when the store cannot be read")
    func unreadable() {
        let (key, secret) = AccessKey.make(name: "k", role: .user, now: clock.now)
        let answers = Recorder<[AccessKey]?>()
        answers.add([key])
        let ring = KeyRing(clock: clock) { answers.all.last ?? nil }
        answers.add(nil)
        ring.refresh()
        #expect(ring.caller(showing: secret) != nil)
    }

    @Test("takes the key of the environment as an admin's")
    func environment() {
        let ring = ring(adminKey: "0123456789abcdef")
        #expect(ring.caller(showing: "0123456789abcdef")?.role == .admin)
        #expect(ring.caller(showing: "0123456789abcdee") == nil)
    }

    @Test("takes a session until it expires or is ended")
    func session() {
        let (key, _) = AccessKey.make(name: "k", role: .user, now: clock.now)
        let ring = ring([key])
        let caller = Caller(role: .user, keyID: key.id)
        let (first, firstSecret) = Session.make(for: caller, now: clock.now)
        let (second, secondSecret) = Session.make(for: caller, now: clock.now)
        ring.add(first)
        ring.add(second)
        #expect(ring.caller(showing: firstSecret)?.keyID == key.id)
        ring.removeSession(hash: Session.hash(of: firstSecret))
        #expect(ring.caller(showing: firstSecret) == nil)
        clock.advance(Session.lifetime)
        #expect(ring.caller(showing: secondSecret) == nil)
    }

    @Test("ends the sessions of a key together with it")
    func sessionOfRevokedKey() {
        let (key, _) = AccessKey.make(name: "k", role: .user, now: clock.now)
        let keys = Recorder<[AccessKey]>()
        keys.add([key])
        let ring = KeyRing(clock: clock) { keys.all.last }
        let (session, secret) = Session.make(for: Caller(role: .user, keyID: key.id), now: clock.now)
        ring.add(session)
        keys.add([])
        ring.refresh()
        #expect(ring.caller(showing: secret) == nil)
    }

    @Test(
        "ends the sessions of the environment's key when that changes or goes",
        arguments: [nil, "another key, as long"]
    )
    func sessionOfEnvironment(next: String?) throws {
        let first = ring(adminKey: "0123456789abcdef")
        let caller = try #require(first.caller(showing: "0123456789abcdef"))
        let (session, secret) = Session.make(for: caller, now: clock.now)
        #expect(ring(sessions: [session], adminKey: "0123456789abcdef").caller(showing: secret)?.role == .admin)
        #expect(ring(sessions: [session], adminKey: next).caller(showing: secret) == nil)
    }
}
