public import struct FoundationEssentials.Data

/// An NZB that a client is to download: its file or its address.
public struct NZBSource: Sendable {
    /// The same for the same NZB; see `AddedSources`.
    public let identity: String
    /// What the request or the NZB calls the download; for a file always something, for an address it may be empty.
    public let name: String
    /// The bytes of the NZB; absent when the client is to fetch the address.
    public let file: Data?

    /// Reads what a request asks for; an address is not fetched.
    ///
    /// - Parameter client: what the client is called, for words.
    /// - Throws: `PluginError`: `.invalid` for what is no NZB or no address, `.unsupported` for another source.
    public init(_ request: AddDownload, file: Data?, client: String) throws {
        switch request.source.value {
        case .nzb:
            guard let file else { throw PluginError(.invalid, "The NZB file is missing.", field: "file") }
            // Some clients take anything and fail later.
            let nzb = try NZBFile(file)
            identity = nzb.identity
            name = request.name ?? nzb.title ?? "kinodock-\(nzb.identity.prefix(8))"
            self.file = file
        case .url:
            let begin = request.link.prefix(8).lowercased()
            guard begin.hasPrefix("http://") || begin.hasPrefix("https://"),
                !request.link.contains(where: \.isWhitespace)
            else {
                throw PluginError(.invalid, "The address of an NZB begins with http:// or https://.", field: "link")
            }
            identity = AddedSources.identity(of: request.link)
            name = request.name ?? ""
            self.file = nil
        default:
            throw PluginError(.unsupported, "\(client) takes NZB files, not \(request.source.text).", field: "source")
        }
    }
}
