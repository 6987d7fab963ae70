/// The parameters and results of the host's services that are not a model of their own.

/// Of `kv.get`, `kv.set` and `kv.delete`.
///
/// The value travels as the attachment.
package struct KeyParameters: Codable {
    /// 1 to 256 bytes.
    package var key: String

    /// The parameters for one key.
    package init(key: String) {
        self.key = key
    }
}

/// Of `kv.get`.
///
/// `found` tells an empty value from none.
package struct KeyResult: Codable {
    /// Whether there is a value, which may be empty.
    package var found: Bool

    /// The result beside the attachment.
    package init(found: Bool) {
        self.found = found
    }
}

/// Of `events.emit`.
package struct EventParameters: Codable {
    /// What happened, for example "changed".
    package var event: String
    /// What goes with it; absent means nothing.
    package var details: [String: JSONValue]?

    /// An event as an instance emits it.
    package init(event: String, details: [String: JSONValue]) {
        self.event = event
        self.details = details
    }
}
