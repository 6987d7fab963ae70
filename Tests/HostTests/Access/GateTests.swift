import FoundationEssentials
import HTTPServer
import Testing

@testable import Host

@Suite("The gate")
struct GateTests {
    private static let admin = "admin-key-of-tests"
    private let clock = ManualClock()
    private let gate: Gate
    private let userKey: String
    private let session: String

    init() {
        let (key, secret) = AccessKey.make(name: "user", role: .user, now: clock.now)
        let keys = KeyRing(adminKey: Self.admin, clock: clock) { [key] }
        let (session, sessionSecret) = Session.make(for: Caller(role: .user, keyID: key.id), now: clock.now)
        keys.add(session)
        userKey = secret
        self.session = sessionSecret
        gate = Gate(keys: keys, limiter: RateLimiter(clock: clock), limitsLoopback: true)
    }

    private func admit(
        _ headers: HTTPHeaders = [:],
        _ target: String = "/",
        method: HTTPMethod = .get,
        atLeast role: Role = .user
    ) throws -> Caller {
        try gate.admit(HTTPRequest(method, target, headers: headers), atLeast: role)
    }

    private func status(_ body: () throws -> Caller) throws -> Int {
        try #require(throws: HTTPError.self) { try body() }.status.code
    }

    @Test("takes a key from each place where clients put it")
    func places() throws {
        #expect(try admit(["x-api-key": userKey]).role == .user)
        #expect(try admit(["Authorization": "Bearer " + userKey]).role == .user)
        #expect(try admit(["authorization": "bearer " + userKey]).role == .user)
        #expect(try admit(["X-Plex-Token": userKey]).role == .user)
        #expect(try admit([:], "/?X-Plex-Token=" + userKey).role == .user)
        #expect(try admit(["Cookie": "a=b; kinodock_session=\(session); c"]).role == .user)
        #expect(try admit(["x-api-key": Self.admin], atLeast: .admin).role == .admin)
    }

    @Test("asks for a key where one is needed, and says how to send it")
    func anonymous() throws {
        let error = try #require(throws: HTTPError.self) { try admit() }
        #expect(error.status == .unauthorized && error.message.contains("x-api-key"))
        #expect(error.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        #expect(try admit(atLeast: .anonymous).role == .anonymous)
    }

    @Test("refuses a wrong key also where none is needed", arguments: ["wrong", ""])
    func wrongKey(key: String) throws {
        #expect(try status { try admit(["x-api-key": key], atLeast: .anonymous) } == 401)
    }

    @Test("takes a session that is over for no session")
    func staleSession() throws {
        let cookie: HTTPHeaders = ["Cookie": "kinodock_session=stale"]
        #expect(try admit(cookie, atLeast: .anonymous).role == .anonymous)
        #expect(try status { try admit(cookie) } == 401)
    }

    @Test("a key of too low a role is forbidden, not asked for again")
    func forbidden() throws {
        #expect(try status { try admit(["x-api-key": userKey], atLeast: .admin) } == 403)
    }

    @Test("other schemes of authorization are no key", arguments: ["Basic abc", "Bearer", ""])
    func otherScheme(value: String) throws {
        #expect(try admit(["Authorization": value], atLeast: .anonymous).role == .anonymous)
    }

    @Test(
        "a page of another site cannot use a browser's session to change something",
        arguments: [
            ("http://host:3000", true), ("https://host:3000", true), ("http://evil", false), ("null", false),
            ("http://host:3001", false), ("http://host:3000.evil", false),
        ]
    )
    func origin(origin: String, isAdmitted: Bool) throws {
        let headers: HTTPHeaders = [
            "Cookie": "kinodock_session=" + session, "Origin": origin, "Host": "host:3000",
        ]
        for method in [HTTPMethod.post, .put, .delete] {
            if isAdmitted {
                #expect(try admit(headers, method: method).role == .user)
            } else {
                #expect(try status { try admit(headers, method: method) } == 403)
            }
        }
        #expect(try admit(headers).role == .user)
    }

    @Test("a key in a header is no cookie: any site may send it on purpose")
    func originWithKey() throws {
        let headers: HTTPHeaders = ["x-api-key": userKey, "Origin": "http://other", "Host": "host"]
        #expect(try admit(headers, method: .post).role == .user)
    }

    @Test("callers that ask too often are told when to come back")
    func limited() throws {
        for _ in 0..<Int(RateLimiter.anonymousLimit) { _ = try admit(atLeast: .anonymous) }
        let error = try #require(throws: HTTPError.self) { try admit(atLeast: .anonymous) }
        #expect(error.status == .tooManyRequests && error.headers["Retry-After"] == "6")
        #expect(try admit(["x-api-key": userKey]).role == .user)
    }

    @Test("guessing keys is limited like asking without one")
    func guessing() throws {
        for number in 0..<Int(RateLimiter.anonymousLimit) {
            #expect(try status { try admit(["x-api-key": "guess-\(number)"]) } == 401)
        }
        #expect(try status { try admit(["x-api-key": "guess"]) } == 429)
    }

    @Test("this machine is not limited unless that is asked for")
    func loopback() throws {
        let gate = Gate(keys: gate.keys, limiter: RateLimiter(clock: clock), limitsLoopback: false)
        for _ in 0...Int(RateLimiter.anonymousLimit) { _ = try gate.admit(HTTPRequest(.get, "/"), atLeast: .anonymous) }
    }
}
