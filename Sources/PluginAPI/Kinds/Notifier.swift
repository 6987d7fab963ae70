/// A way to tell people or other programs what happened.
///
/// The wire name of each method is `notifier.` and the method's name.
public protocol Notifier: Provider {
    /// The kinds of event that it makes sense to send.
    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>]

    func notify(_ event: NotificationEvent) async throws
}

/// Something that happened in the server.
public struct NotificationEvent: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case grabbed
        case downloaded
        case imported
        case upgraded
        case downloadFailed = "download_failed"
        case importFailed = "import_failed"
        case manualActionNeeded = "manual_action_needed"
        case deleted
        case healthChanged = "health_changed"
        case test
    }

    /// Unique; the same event sent again has the same id.
    public var id: String
    public var kind: Open<Kind>
    /// ISO 8601, UTC.
    public var time: String
    /// One line for people.
    public var title: String
    public var message: String
    /// The details by name, for example "title", "path", "quality".
    public var details: [String: JSONValue]

    public init(id: String, kind: Kind, time: String, title: String, message: String) {
        self.id = id
        self.kind = .known(kind)
        self.time = time
        self.title = title
        self.message = message
        self.details = [:]
    }
}
