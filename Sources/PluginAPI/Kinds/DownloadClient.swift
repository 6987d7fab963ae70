public import struct FoundationEssentials.Data

/// A program that downloads: a torrent client, a usenet client, or a fetcher of addresses.
///
/// The wire name of each method is `download.` and the method's name.
public protocol DownloadClient: Provider {
    /// Starts a download.
    ///
    /// Adding what is there already is a success that says so: the answer names the download that exists.
    ///
    /// - Parameter file: the .torrent or NZB when the source is a file; otherwise `nil`.
    /// - Returns: the id under which the client knows the download. It never changes.
    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload

    /// What has changed since an earlier answer.
    ///
    /// - Parameter cursor: the `cursor` of that answer; `nil`, or one that the client no longer knows, asks for all.
    func changes(since cursor: String?) async throws -> DownloadChanges

    /// One download, or `nil` when the client does not have it.
    func item(_ id: String) async throws -> DownloadItem?

    /// The files of a download; empty while they are not known yet.
    ///
    /// - Throws: `PluginError` with `.notFound` when the client does not have the download.
    func files(of id: String) async throws -> [DownloadFile]

    /// Removes a download. One that is gone already is a success.
    func remove(_ id: String, deletingData: Bool) async throws

    /// Stops transferring, until `resume`; one that is paused already is a success.
    ///
    /// - Throws: `PluginError` with `.notFound` when the client does not have the download.
    func pause(_ id: String) async throws

    /// Goes on after `pause`; one that runs already is a success.
    ///
    /// - Throws: `PluginError` with `.notFound` when the client does not have the download.
    func resume(_ id: String) async throws

    /// Stops all transfers, those of later downloads too, until `resumeAll`.
    ///
    /// - Throws: `PluginError` with `.unsupported` when the client can stop one download at a time only.
    func pauseAll() async throws

    /// Goes on after `pauseAll`; a download that was paused by itself stays so.
    ///
    /// - Throws: `PluginError` with `.unsupported` when the client has no `pauseAll`.
    func resumeAll() async throws

    /// Tries a failed download again, where the client can do that by itself.
    ///
    /// - Throws: `PluginError` with `.unsupported` when it has to be added again instead.
    func retry(_ id: String) async throws

    /// Asks for some parts first.
    ///
    /// - Throws: `PluginError` with `.unsupported` when the client has no order that can be changed.
    func prioritize(_ request: Prioritization) async throws

    /// The byte ranges of a file that are on disk and verified, as far as the client can tell.
    ///
    /// - Throws: `PluginError` with `.unsupported` when it cannot, `.notFound` without such a file or download.
    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability

    /// What an address holds, without downloading it.
    ///
    /// - Throws: `PluginError` with `.unsupported` when the client does not look into addresses.
    func inspect(_ request: SourceInspection) async throws -> InspectedSource
}

extension DownloadClient {
    /// Throws `.unsupported`, for a client that has no such thing.
    public func pauseAll() async throws {
        throw PluginError(.unsupported, "This client cannot pause everything at once; pause each download.")
    }

    /// Throws `.unsupported`, for a client that has no such thing.
    public func resumeAll() async throws {
        throw PluginError(.unsupported, "This client cannot resume everything at once; resume each download.")
    }

    /// Throws `.unsupported`, for a client that takes no addresses of pages.
    public func inspect(_ request: SourceInspection) async throws -> InspectedSource {
        throw PluginError(.unsupported, "This client cannot tell what an address holds.")
    }

    /// Throws `.unsupported`, for a client that has no such thing.
    public func retry(_ id: String) async throws {
        throw PluginError(.unsupported, "This client cannot retry by itself; add the download again.")
    }

    /// Throws `.unsupported`, for a client that has no such thing.
    public func prioritize(_ request: Prioritization) async throws {
        throw PluginError(.unsupported, "This client cannot change the order in which it downloads.")
    }

    /// Throws `.unsupported`, for a client that does not tell.
    public func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        throw PluginError(.unsupported, "This client does not tell which parts of a file are complete.")
    }
}
