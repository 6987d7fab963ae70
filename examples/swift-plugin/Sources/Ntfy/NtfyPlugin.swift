import PluginAPI

/// Sends what happens in the server as push messages, through ntfy.sh or an ntfy server of one's own.
struct NtfyPlugin: Plugin, Notifier {
    private let service: NtfyServer
    private let priority: Int

    /// Reads the settings; nothing is sent yet.
    init(settings: NtfySettings, host: any HostServices) throws {
        let topic = settings.topic
        // https://docs.ntfy.sh/publish/ allows no others; one with a slash would be another address.
        let isName = topic.utf8.allSatisfy { "-_".utf8.contains($0) || Character(UnicodeScalar($0)).isTopicLetter }
        guard (1...64).contains(topic.utf8.count), isName else {
            let words = "A topic has 1 to 64 letters without accents, digits, hyphens and underscores."
            throw PluginError(.invalid, words, field: "topic")
        }
        guard let priority = NtfySettings.priorities.firstIndex(of: settings.priority) else {
            throw PluginError(.invalid, "There is no priority \(settings.priority).", field: "priority")
        }
        self.priority = priority + 1
        service = NtfyServer(url: settings.url, topic: topic, token: settings.apiKey, host: host)
    }

    func test() async throws -> ConnectionReport {
        var report = ConnectionReport()
        try await service.checkHealth()
        report.checks = [.init("connection", ok: true)]
        do {
            try await service.checkAccess()
            report.checks.append(.init("access", ok: true))
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            report.checks.append(.init("access", ok: false, field: error.field, message: error.message))
        }
        return report
    }

    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] {
        NotificationEvent.Kind.allCases.map(Open.known)
    }

    func notify(_ event: NotificationEvent) async throws {
        try await service.publish(NtfyMessage(event, priority: priority))
    }
}

/// What the server finds in the library.
@c(kinodock_plugin_v1)
public func plugin() -> PluginTable { PluginExport.table(for: NtfyPlugin.self) }

extension Character {
    fileprivate var isTopicLetter: Bool { isASCII && (isLetter || isNumber) }
}
