/// A way to tell people or other programs what happened.
///
/// The wire name of each method is `notifier.` and the method's name.
public protocol Notifier: Provider {
    /// The kinds of event that it makes sense to send; the host sends no others.
    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>]

    /// Passes the event on.
    ///
    /// - Throws: `PluginError` when it did not arrive; the host may send it again, with the same id.
    func notify(_ event: NotificationEvent) async throws
}

/// Something that happened in the server.
public struct NotificationEvent: Hashable, Sendable, Codable {
    /// What happened; a list that grows with the server.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A release was handed to a download client.
        case grabbed
        /// A download is complete.
        case downloaded
        /// Files came into the library.
        case imported
        /// Files of the library were replaced by better ones.
        case upgraded
        /// A client gave a download up.
        case downloadFailed = "download_failed"
        /// A download is complete but could not be put into the library.
        case importFailed = "import_failed"
        /// A person has to decide something.
        case manualActionNeeded = "manual_action_needed"
        /// Something was removed from the library.
        case deleted
        /// A backend stopped working, or works again.
        case healthChanged = "health_changed"
        /// Sent on request, to see whether it arrives.
        case test
    }

    /// Unique; the same event sent again has the same id.
    public var id: String
    /// What happened.
    public var kind: Open<Kind>
    /// ISO 8601, UTC.
    public var time: String
    /// One line for people.
    public var title: String
    /// Some sentences for people; may be empty.
    public var message: String
    /// The details by name, for example "title", "path", "quality".
    public var details: [String: JSONValue]

    /// An event without details.
    public init(id: String, kind: Kind, time: String, title: String, message: String) {
        self.id = id
        self.kind = .known(kind)
        self.time = time
        self.title = title
        self.message = message
        self.details = [:]
    }
}
