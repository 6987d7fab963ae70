import PluginAPI

/// Turns the id of a found release into what the queue takes.
struct ReleaseGrab: Sendable {
    let registry: Registry
    let shelf: ReleaseShelf
    let redactor: Redactor

    /// A release as its indexer has given it.
    struct Fetched: Sendable {
        let content: DownloadRequest.Content
        let title: String
        /// The name of the indexer that gave it.
        let indexer: String
    }

    /// Failures of a fetch that count against the indexer: others may be the release's own.
    private static let countingCodes: Set<PluginError.Code> = [
        .unauthorized, .unreachable, .timeout, .deadlineExceeded, .untrusted, .pluginCrashed,
    ]

    /// Fetches a release from the preferred indexer that has it, and from another one when that fails.
    ///
    /// - Throws: `SearchError`; of several failures the first one.
    func fetch(_ id: String) async throws -> Fetched {
        guard let release = shelf.find(id) else { throw SearchError.noSuchRelease }
        var failure: SearchError?
        for (indexer, source) in await sources(of: release) {
            do {
                let content = try await fetch(source, of: indexer)
                return Fetched(content: content, title: release.title, indexer: indexer.name)
            } catch {
                failure = failure ?? .indexer(name: indexer.name, PluginError(wrapping: error))
            }
        }
        throw failure ?? .noSuchRelease
    }

    private func sources(of release: ReleaseShelf.Kept) async -> [(Instance, ReleaseShelf.Source)] {
        var sources: [(Instance, ReleaseShelf.Source)] = []
        for source in release.sources {
            guard let indexer = await registry.instance(source.indexerID), indexer.isEnabled else { continue }
            let position = sources.firstIndex { $0.0.priority > indexer.priority }
            sources.insert((indexer, source), at: position ?? sources.endIndex)
        }
        return sources
    }

    private func fetch(_ source: ReleaseShelf.Source, of indexer: Instance) async throws -> DownloadRequest.Content {
        // Whatever the plugin says of it, the link may hold a key.
        redactor.remember(source.link)
        defer { redactor.forget(source.link) }
        do {
            let deadline = Duration.seconds(SearchRequest.usualTimeout)
            let content = try await registry.indexer(indexer.id, within: deadline).fetch(source.link)
            await registry.recordSuccess(indexer.id)
            return try Self.content(of: content)
        } catch {
            let error = PluginError(wrapping: error).redacted(by: redactor)
            if error.code.value.map(Self.countingCodes.contains) == true {
                await registry.recordFailure(indexer.id, error)
            }
            throw error
        }
    }

    private static func content(of fetched: ReleaseContent) throws -> DownloadRequest.Content {
        switch (fetched.source.value, fetched.file) {
        case (.magnet, _): return .magnet(fetched.link)
        case (.url, _): return .url(fetched.link)
        case (.torrent, let file?): return .torrent(file)
        case (.nzb, let file?): return .nzb(file)
        default:
            throw PluginError(.badResponse, "The indexer's plugin gave something that is neither a magnet nor a file.")
        }
    }
}
