package import FoundationEssentials

/// A file to send, whole or in the ranges that the client asks for.
package struct FileBody: Sendable {
    /// Where the bytes are.
    package enum Source: Sendable {
        /// A path, opened when the response is sent.
        case path(String)
        /// A file that is open already and may have no name any more.
        case open(OpenFile)
    }

    /// Where the bytes are.
    package var source: Source
    /// The length to announce, in bytes; the file's own when `nil`.
    ///
    /// It must not be more than the file holds.
    package var size: UInt64?
    /// The media type.
    package var contentType: String
    /// A strong tag with its quotes; `nil` makes one from the file's identity, length and time of change.
    package var etag: String?
    /// The time of the last change; the file's own when `nil`.
    package var lastModified: Date?
    /// The Content-Disposition field, if any.
    package var disposition: String?

    /// Describes a file.
    package init(
        _ source: Source,
        size: UInt64? = nil,
        contentType: String = "application/octet-stream",
        etag: String? = nil,
        lastModified: Date? = nil,
        disposition: String? = nil
    ) {
        self.source = source
        self.size = size
        self.contentType = contentType
        self.etag = etag
        self.lastModified = lastModified
        self.disposition = disposition
    }

    /// Describes the file at `path`.
    package init(path: String, contentType: String = "application/octet-stream", etag: String? = nil) {
        self.init(.path(path), contentType: contentType, etag: etag)
    }
}
