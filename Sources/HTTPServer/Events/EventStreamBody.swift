/// The body of an event-stream response: where the events come from and after which one to begin.
package struct EventStreamBody: Sendable {
    /// The source of the events.
    package let broadcaster: EventBroadcaster
    /// The last event that the client has; `nil` for one that starts afresh.
    package let lastEventID: UInt64?
    /// Whose key has opened the stream; `nil` when it takes none.
    package var owner: String?
}
