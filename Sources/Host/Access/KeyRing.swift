import Cryptography
import FoundationEssentials
import Synchronization

/// The keys and sessions that are valid now, in memory: every request asks here.
final class KeyRing: Sendable {
    /// Reads the keys that are stored, which another process may have changed.
    typealias Reload = @Sendable () -> [AccessKey]?

    private struct State {
        var keys: [AccessKey] = []
        var sessions: [Session] = []
    }

    private let state = Mutex(State())
    /// The key that was given by the environment; it is never stored.
    private let given: AccessKey?
    private let clock: any WallClock
    private let reload: Reload
    /// Limits the reads that unknown secrets cause, and makes reads follow each other, so that none undoes a later one.
    private let reading: Mutex<TokenBucket>

    /// Reads that unknown secrets may cause each second.
    private static let readsPerSecond = 20.0

    init(sessions: [Session] = [], adminKey: String? = nil, clock: any WallClock, reload: @escaping Reload) {
        let now = clock.now
        given = adminKey.map { Self.given($0, now: now) }
        reading = Mutex(TokenBucket(capacity: Self.readsPerSecond, rate: Self.readsPerSecond, now: now))
        self.clock = clock
        self.reload = reload
        state.withLock { state in
            state.keys = [given].compactMap { $0 }
            // Whose key it is cannot be told before the stored keys are known, but other keys of the environment can.
            state.sessions = sessions.filter { $0.caller.keyID.map { !Self.isGiven($0) || $0 == given?.id } ?? false }
        }
        refresh()
    }

    func add(_ session: Session) {
        let now = clock.now
        state.withLock { state in
            state.sessions.removeAll { $0.expires <= now }
            state.sessions.append(session)
        }
    }

    func removeSession(hash: [UInt8]) {
        state.withLock { $0.sessions.removeAll { $0.hash == hash } }
    }

    /// Reads the stored keys again.
    ///
    /// Sessions of a key that is gone end with it.
    func refresh() {
        reading.withLock { _ in read() }
    }

    /// Who shows `secret`, or `nil`.
    ///
    /// For a secret that is not known the store is read again, which takes some microseconds: a key that was just made
    /// on the command line works at once. Beyond `readsPerSecond` somebody is guessing; a new key then works after the
    /// next `refresh`.
    func caller(showing secret: String) -> Caller? {
        let hash = Hash.sha256(Data(secret.utf8))
        if let caller = match(hash) { return caller }
        let hasRead = reading.withLock { bucket in
            guard bucket.take(at: clock.now) == nil else { return false }
            read()
            return true
        }
        return hasRead ? match(hash) : nil
    }

    /// Whether the key of that id is valid, as far as it was read last.
    func holds(_ id: String) -> Bool { state.withLock { $0.keys.contains { $0.id == id } } }

    private static let givenPrefix = "environment"

    private static func isGiven(_ id: String) -> Bool { id.hasPrefix(givenPrefix) }

    /// The environment's key under a name that changes with it, so that sessions belong to this key and no other.
    private static func given(_ secret: String, now: Date) -> AccessKey {
        let hash = Hash.sha256(Data(secret.utf8))
        return AccessKey(
            id: givenPrefix + "-" + Hex.encode(hash.prefix(4)),
            name: givenPrefix,
            role: .admin,
            hash: hash,
            created: now
        )
    }

    private func read() {
        guard let stored = reload() else { return }
        let valid = stored.filter { $0.revoked == nil } + [given].compactMap { $0 }
        let ids = Set(valid.map(\.id))
        state.withLock { state in
            state.keys = valid
            state.sessions.removeAll { session in !(session.caller.keyID.map(ids.contains) ?? false) }
        }
    }

    /// Compares with all of them, each in constant time, so that the time tells nothing.
    private func match(_ hash: [UInt8]) -> Caller? {
        let now = clock.now
        return state.withLock { state in
            var found: Caller?
            for key in state.keys where ConstantTime.equals(key.hash, hash) {
                found = Caller(role: key.role, keyID: key.id)
            }
            for session in state.sessions where ConstantTime.equals(session.hash, hash) && session.expires > now {
                found = session.caller
            }
            return found
        }
    }
}
