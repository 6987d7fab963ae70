import FoundationEssentials

/// A picture that a provider has named; its content comes when somebody wants to see it.
struct Picture: Sendable {
    /// What was fetched.
    struct Content: Sendable, Equatable {
        /// SHA-256 in hexadecimal digits: the name of its file.
        var hash: String
        /// The media type, told by the bytes.
        var type: String
        /// Bytes.
        var size: Int64
        /// The server's tag, with which it is asked whether there is another one.
        var etag: String?
        /// Until then nobody is asked.
        var expires: Date
    }

    let id: String
    let url: String
    /// The provider that has named it last.
    let instanceID: String?
    var content: Content?
    var used: Date?
}
