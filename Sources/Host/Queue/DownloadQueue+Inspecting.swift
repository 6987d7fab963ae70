import PluginAPI

/// Looks into addresses before anything is downloaded.
extension DownloadQueue {
    /// What the address of `request` holds, and the client that has found that out.
    ///
    /// - Throws: `QueueError`; what the first client says when none can tell.
    func inspect(_ request: DownloadRequest) async throws -> (source: InspectedSource, client: Instance) {
        let source = try ResolvedSource(request.content)
        var failure: QueueError?
        for instance in try await candidates(for: request, source) {
            var inspection = SourceInspection(link: source.link)
            inspection.options = request.wishes.options
            do {
                let client = try await registry.downloadClient(instance.id)
                logger.redactor.remember(source.link)
                defer { logger.redactor.forget(source.link) }
                return (try await client.inspect(inspection), instance)
            } catch {
                let error = PluginError(wrapping: error)
                failure = failure ?? .client(name: instance.name, error)
                guard error.code == .unsupported else { break }
            }
        }
        throw failure ?? .noClientTakes(source.source)
    }
}
