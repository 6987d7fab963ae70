import Synchronization

public import struct FoundationEssentials.Data
public import struct FoundationEssentials.Date

/// A host for tests of a plugin: it answers from a script, and remembers what the plugin did.
///
///     let host = RecordedHost()
///     let recording = try RecordedExchanges(contentsOf: path)
///     try host.expect("login: the cookie is the session", of: recording)
///     host.always(.init("GET", "/api/v2/app/version", text: "v5.1.4"))
///     let plugin = try Example(settings: .init(), host: host)
///
/// Steps given to `expect` are used once and in order; steps given to `always` serve any number of requests, the
/// latest fitting one first. A request goes to the next expected step if it fits, otherwise to the table; one that fits
/// neither fails the call with `.internal` and is listed in `unexpected`.
public final class RecordedHost: HostServices {
    /// A line that the plugin logged.
    public struct Line: Hashable, Sendable {
        /// Its weight.
        public var level: LogLevel
        /// Its words.
        public var message: String
        /// What goes with them.
        public var fields: [String: JSONValue]
    }

    /// An event that the plugin emitted.
    public struct Event: Hashable, Sendable {
        /// What it is called.
        public var name: String
        /// What goes with it.
        public var details: [String: JSONValue]
    }

    fileprivate struct State {
        var script: [Step] = []
        var table: [Step] = []
        var now: Date
        var requests: [ServiceRequest] = []
        var unexpected: [String] = []
        var values: [String: Data] = [:]
        var lines: [Line] = []
        var events: [Event] = []
        var cookies = RecordedCookies()
    }

    private let state: Mutex<State>
    private let places: HostFolders?

    /// A host at a time that only the test moves; by default 2027-01-15T08:00:00Z.
    ///
    /// - Parameter folders: folders that the test makes and removes.
    public init(now: Date = Date(timeIntervalSince1970: 1_800_000_000), folders: HostFolders? = nil) {
        state = Mutex(State(now: now))
        places = folders
    }

    // MARK: The script

    /// Adds a step that is used once, after those added before.
    public func expect(_ step: Step) {
        state.withLock { $0.script.append(step) }
    }

    /// Adds the recorded exchange of that name as a step that is used once.
    public func expect(_ name: String, of recording: RecordedExchanges, checkingForm: Bool = false) throws {
        expect(try Step(recording.exchange(name), checkingForm: checkingForm))
    }

    /// Adds a step that serves any number of requests.
    public func always(_ step: Step) {
        state.withLock { $0.table.append(step) }
    }

    /// Adds the recorded exchange of that name as a step that serves any number of requests.
    public func always(_ name: String, of recording: RecordedExchanges) throws {
        always(try Step(recording.exchange(name)))
    }

    // MARK: What happened

    /// Every request that was sent, with the cookies that the host added.
    public var requests: [ServiceRequest] { state.withLock { $0.requests } }
    /// The requests for which the script had no answer, as method and path.
    public var unexpected: [String] { state.withLock { $0.unexpected } }
    /// The names of the expected steps that no request has used.
    public var unused: [String] { state.withLock { $0.script.map(\.name) } }
    /// Every line that was logged.
    public var lines: [Line] { state.withLock { $0.lines } }
    /// Every event that was emitted.
    public var events: [Event] { state.withLock { $0.events } }

    /// The requests whose path, without the query, is `path`.
    public func requests(to path: String) -> [ServiceRequest] {
        requests.filter { $0.target.prefix { $0 != "?" } == path }
    }

    /// Moves the clock forward.
    public func advance(bySeconds seconds: Double) {
        state.withLock { $0.now = $0.now.addingTimeInterval(seconds) }
    }

    /// Forgets the requests so far.
    public func forgetRequests() {
        state.withLock { $0.requests = [] }
    }

    // MARK: HostServices

    /// Answers from the script.
    public func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        let (step, sent) = try state.withLock { state in
            var sent = request
            if request.usesCookies { state.cookies.add(to: &sent) }
            state.requests.append(sent)
            return (try state.step(for: sent), sent)
        }
        var response = try await step.answer(sent)
        if response.url.isEmpty { response.url = request.url }
        if request.usesCookies { state.withLock { $0.cookies.keep(response, of: request) } }
        return response
    }

    /// Keeps the line.
    public func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {
        state.withLock { $0.lines.append(Line(level: level, message: message, fields: fields)) }
    }

    /// A value that the plugin stored; a test puts one there with `setValue(_:for:)`.
    public func value(for key: String) async throws -> Data? {
        state.withLock { $0.values[key] }
    }

    /// Stores a value in memory, within the limit that a real host has.
    public func setValue(_ value: Data?, for key: String) async throws {
        guard (value?.count ?? 0) <= 1 << 20 else { throw PluginError(.invalid, "A stored value holds at most 1 MiB.") }
        state.withLock { $0.values[key] = value }
    }

    /// The folders that the test has given.
    public func folders() async throws -> HostFolders {
        guard let places else { throw PluginError(.unsupported, "The test has given no folders.") }
        return places
    }

    /// The time of the test.
    public var now: Date {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    /// Keeps the event.
    public func emit(_ event: String, details: [String: JSONValue]) {
        state.withLock { $0.events.append(Event(name: event, details: details)) }
    }
}

extension RecordedHost.State {
    fileprivate mutating func step(for request: ServiceRequest) throws -> RecordedHost.Step {
        if let next = script.first, next.fits(request) { return script.removeFirst() }
        if let standing = table.last(where: { $0.fits(request) }) { return standing }
        let sent = "\(request.method) \(request.target)"
        unexpected.append(sent)
        let awaited = script.first.map { "; expected is “\($0.name)”" } ?? ""
        throw PluginError(.internal, "The test has no answer for \(sent)\(awaited).")
    }
}
