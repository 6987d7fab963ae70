import FoundationEssentials
import PluginAPI

/// The JSON-RPC of deluge-web, with its session and its connection to the daemon.
///
/// Source: `deluge/ui/web/json_api.py` of 2.0.3, and recordings of it. What the daemon offers is called by the same
/// address as soon as deluge-web is connected to it.
actor Web {
    /// An error as deluge-web gives it.
    struct Fault: Decodable, Sendable {
        /// 1 no session, 2 no such method (also all of the daemon's while there is no daemon), 3 and 4 an exception.
        var code: Int?
        var message: String?
    }

    private struct Answer<Result: Decodable>: Decodable {
        var result: Result?
        var error: Fault?
    }

    /// An answer that does not matter.
    struct Nothing: Decodable {
        init(from decoder: any Decoder) {}
    }

    /// Seconds in which a refused password is not tried again.
    private static let rest = 60.0

    nonisolated let endpoint: ServiceEndpoint
    private let password: String
    private let host: any HostServices
    private var cookies = SessionCookies()
    private var isOpen = false
    private var login: Task<Void, any Error>?
    private var refusal: (error: PluginError, until: Date)?

    init(settings: DelugeSettings, host: any HostServices) throws {
        self.host = host
        password = settings.password
        endpoint = try ServiceEndpoint(
            product: "Deluge",
            interface: "its web interface (deluge-web)",
            settings: settings,
            host: host
        )
    }

    /// Allows a login again, after a test has shown that it is right.
    func forgive() {
        refusal = nil
    }

    /// Calls a method whose answer may be `null`.
    ///
    /// Logs in first, again when the session has run out, and connects deluge-web with its daemon when it is not.
    ///
    /// - Throws: `PluginError`; the daemon's own words have the code `.remoteFailure`.
    func callIfAny<Result: Decodable & Sendable>(
        _ method: String,
        _ parameters: [JSONValue] = [],
        as type: Result.Type,
        maxBytes: Int = 64 << 20
    ) async throws -> Result? {
        try await open()
        let isLocal = method.hasPrefix("web.") || method.hasPrefix("auth.")
        var isConnected = false
        for attempt in 1...3 {
            let answer: Answer<Result>
            do {
                answer = try await send(method, parameters, as: type, maxBytes: maxBytes)
            } catch let error as PluginError where error.code == .timeout && !isLocal && !isConnected {
                // deluge-web that has lost its daemon goes on to ask it, and never answers.
                try await mend()
                isConnected = true
                continue
            }
            guard let fault = answer.error else { return answer.result }
            switch fault.code {
            case 1 where attempt < 3:
                isOpen = false
                try await open()
            case 2 where !isLocal && !isConnected:
                try await mend()
                isConnected = true
            default: throw Self.error(fault, method)
            }
        }
        throw PluginError(.badResponse, "\(endpoint.name) ends each session at once. Check the clock of its machine.")
    }

    /// As `callIfAny`, but the answer has to hold something.
    func call<Result: Decodable & Sendable>(
        _ method: String,
        _ parameters: [JSONValue] = [],
        as type: Result.Type,
        maxBytes: Int = 64 << 20
    ) async throws -> Result {
        guard let result = try await callIfAny(method, parameters, as: type, maxBytes: maxBytes) else {
            throw endpoint.nonsense("answer to \(method)")
        }
        return result
    }

    /// Calls a method whose answer does not matter.
    func call(_ method: String, _ parameters: [JSONValue]) async throws {
        _ = try await callIfAny(method, parameters, as: Nothing.self)
    }

    // MARK: The session

    private func open() async throws {
        if let login { return try await login.value }
        guard !isOpen else { return }
        if let refusal, refusal.until > host.now { throw refusal.error }
        let task = Task { try await logIn() }
        login = task
        defer { login = nil }
        try await task.value
    }

    private func logIn() async throws {
        cookies = SessionCookies()
        let answer = try await send("auth.login", [.string(password)], as: Bool.self, maxBytes: 1 << 20)
        guard answer.result == true else {
            let error = PluginError(
                .unauthorized,
                "\(endpoint.name) refuses the password. It is that of the web interface, not of the daemon.",
                field: "password"
            )
            refusal = (error, host.now + Self.rest)
            host.log(.warning, error.message, fields: [:])
            throw error
        }
        refusal = nil
        isOpen = true
    }

    // MARK: The daemon

    /// Brings back what a call lacks: the session, which is not told apart while there is no daemon, or the daemon.
    private func mend() async throws {
        let answer = try await send("web.connected", [], as: Bool.self, maxBytes: 1 << 20)
        if answer.error?.code == 1 {
            isOpen = false
            try await open()
        }
        if answer.result != true { try await connect() }
    }

    /// Connects deluge-web with the daemon that it was connected with, or with the only one that it knows.
    func connect() async throws {
        if try await send("web.connected", [], as: Bool.self, maxBytes: 1 << 20).result == true { return }
        let hosts = try await send("web.get_hosts", [], as: [[JSONValue]].self, maxBytes: 1 << 20).result ?? []
        for entry in hosts.prefix(5) {
            guard let id = entry.first?.string else { continue }
            let status = try await send("web.get_host_status", [.string(id)], as: [JSONValue].self, maxBytes: 1 << 20)
            guard let word = status.result?.dropFirst().first?.string, word != "Offline" else { continue }
            _ = try await send("web.connect", [.string(id)], as: JSONValue.self, maxBytes: 4 << 20)
            if try await send("web.connected", [], as: Bool.self, maxBytes: 1 << 20).result == true {
                return host.log(.info, "Connected \(endpoint.name) with its daemon.", fields: [:])
            }
        }
        throw PluginError(
            .unreachable,
            hosts.isEmpty
                ? "\(endpoint.name) knows no daemon. Add one in its Connection Manager."
                : "\(endpoint.name) is not connected with a daemon, for none of those that it knows runs. Start deluged.",
            field: "host",
            retryAfter: 10
        )
    }

    // MARK: Messages

    private func send<Result: Decodable>(
        _ method: String,
        _ parameters: [JSONValue],
        as type: Result.Type,
        maxBytes: Int
    ) async throws -> Answer<Result> {
        var request = endpoint.request("POST", "json")
        request.headers.append(HeaderField("Content-Type", "application/json"))
        if let cookies = cookies.header { request.headers.append(HeaderField("Cookie", cookies)) }
        request.maxBytes = maxBytes
        let body: JSONValue = ["id": 1, "method": .string(method), "params": .array(parameters)]
        request.body = try JSONEncoder().encode(body)
        let response = try await endpoint.exchange(request)
        cookies.keep(response)
        guard response.status == 200 else {
            throw endpoint.failure(response, doing: "call \(method)", oldest: "Deluge 2.0")
        }
        guard let answer = try? JSONDecoder().decode(Answer<Result>.self, from: response.body) else {
            let what = "answer to \(method)"
            let isAdd = method.hasPrefix("core.add_torrent")
            throw isAdd ? endpoint.unconfirmed(what, by: response) : endpoint.nonsense(what)
        }
        return answer
    }

    private static func error(_ fault: Fault, _ method: String) -> PluginError {
        let words = reason(in: fault.message ?? "")
        if fault.code == 2 {
            return PluginError(
                .unsupported,
                "Deluge has no method \(method): its version is too old, or a plugin is off."
            )
        }
        return PluginError(.remoteFailure, "Deluge says: \(words)")
    }

    /// The message of the exception in the text of a traceback.
    private static func reason(in text: String) -> String {
        guard let start = text.firstRange(of: "'>: ") else { return String(text.prefix(300)) }
        return String(text[start.upperBound...].prefix { !$0.isNewline }.prefix(300))
    }
}
