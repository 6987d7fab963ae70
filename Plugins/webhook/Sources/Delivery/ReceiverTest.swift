import FoundationEssentials
import PluginAPI

/// Asks a service what can be asked without sending a message.
struct ReceiverTest: Sendable {
    let receiver: Receiver
    let format: MessageFormat
    let outgoing: Outgoing

    /// - Throws: `PluginError` when there is no connection at all.
    func run() async throws -> ConnectionReport {
        do {
            switch format {
            case .discord: return try await discord()
            case .ntfy: return try await ntfy()
            case .gotify: return try await gotify()
            case .apprise: return try await apprise()
            case .json, .form, .template, .slack: return nothingToAsk
            }
        } catch let error as PluginError where Self.isAnswer(error) {
            var report = ConnectionReport()
            report.checks = [
                .init("connection", ok: true),
                .init(
                    error.code == .unauthorized || error.code == .forbidden ? "login" : "address",
                    ok: false,
                    field: error.field,
                    message: error.message
                ),
            ]
            return report
        }
    }

    /// Whether the failure is one that the service itself has told.
    private static func isAnswer(_ error: PluginError) -> Bool {
        switch error.code.value {
        case .unauthorized, .forbidden, .notFound, .invalid: true
        default: false
        }
    }

    private var nothingToAsk: ConnectionReport {
        var report = ConnectionReport()
        report.checks = [.init("settings", ok: true, message: "Whether the address is right, only a message can show.")]
        return report
    }

    /// The address of a webhook answers with what it is.
    private func discord() async throws -> ConnectionReport {
        let answer = try await get(
            receiver.address.url(path: receiver.address.path),
            as: JSONValue.self,
            service: "Discord webhook"
        )
        guard answer["id"]?.string != nil else { throw stranger("Discord webhook") }
        return report(webhook: answer["name"]?.string)
    }

    private func report(webhook name: String?) -> ConnectionReport {
        var report = ConnectionReport()
        report.checks = [
            .init("connection", ok: true),
            .init("address", ok: true, field: "url", message: name.map { "The webhook is called \($0)." }),
        ]
        return report
    }

    private func ntfy() async throws -> ConnectionReport {
        struct Health: Decodable { let healthy: Bool }
        let (topic, root) = try outgoing.topic()
        let health = try await get(
            receiver.address.url(path: root + "/v1/health"),
            as: Health.self,
            service: "ntfy server"
        )
        guard health.healthy else { throw PluginError(.remoteFailure, "\(receiver.name) says that it is not well.") }
        var report = ConnectionReport()
        report.checks = [.init("connection", ok: true)]
        var request = receiver.request("GET", receiver.address.url(path: "\(root)/\(topic)/auth"))
        request.headers += outgoing.login
        do {
            _ = try await receiver.send(request)
            report.checks.append(.init("login", ok: true))
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            report.checks.append(.init("login", ok: false, field: "apiKey", message: error.message))
        }
        return report
    }

    private func gotify() async throws -> ConnectionReport {
        struct Version: Decodable { let version: String }
        var path = receiver.address.trimmedPath
        if path.hasSuffix("/message") { path = String(path.dropLast("/message".count)) }
        let version = try await get(receiver.address.url(path: path + "/version"), as: Version.self, service: "Gotify")
        var report = ConnectionReport(version: version.version.shortened(to: 40))
        report.checks = [.init("connection", ok: true)]
        if receiver.settings.apiKey?.isEmpty != false {
            report.checks.append(
                .init(
                    "login",
                    ok: false,
                    field: "apiKey",
                    message: "Gotify needs the token of an application: make one in its web page."
                )
            )
        }
        return report
    }

    private func apprise() async throws -> ConnectionReport {
        let path = receiver.address.trimmedPath
        let root = path.firstRange(of: "/notify").map { String(path[..<$0.lowerBound]) } ?? path
        _ = try await receiver.send(receiver.request("GET", receiver.address.url(path: root + "/status")))
        var report = ConnectionReport()
        report.checks = [.init("connection", ok: true)]
        let hasKey = path.hasSuffix("/notify") == false && path.contains("/notify/")
        if !hasKey, receiver.settings.addresses?.isEmpty != false {
            let words = "Enter the address with a key, as http://HOST:8000/notify/KEY, or addresses to which it sends."
            report.checks.append(.init("address", ok: false, field: "url", message: words))
        }
        return report
    }

    private func get<Value: Decodable>(_ url: String, as type: Value.Type, service: String) async throws -> Value {
        var request = receiver.request("GET", url)
        request.headers.append(HeaderField("Accept", "application/json"))
        let response = try await receiver.send(request)
        do { return try JSONDecoder().decode(type, from: response.body) } catch { throw stranger(service) }
    }

    private func stranger(_ service: String) -> PluginError {
        PluginError(
            .badResponse,
            "\(receiver.name) does not answer as a \(service) does; check the address.",
            field: "url"
        )
    }
}
