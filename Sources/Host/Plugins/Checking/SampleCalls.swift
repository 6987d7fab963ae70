import FoundationEssentials
import PluginAPI

/// Calls of every method, with parameters that name nothing that exists.
enum SampleCalls {
    /// A call of one method.
    struct Call: Sendable {
        let method: String
        /// Whether every plugin of the kind has the method.
        let isRequired: Bool
        /// Whether success would be wrong.
        let mustFail: Bool
        private let body: @Sendable (any PluginTransport, CallDeadlines) async throws -> Void

        init(
            _ method: String,
            isRequired: Bool = true,
            mustFail: Bool = false,
            _ body: @escaping @Sendable (any PluginTransport, CallDeadlines) async throws -> Void
        ) {
            self.method = method
            self.isRequired = isRequired
            self.mustFail = mustFail
            self.body = body
        }

        /// - Throws: what the plugin answered, or that its answer cannot be read.
        func run(_ transport: any PluginTransport, _ deadlines: CallDeadlines) async throws {
            try await body(transport, deadlines)
        }
    }

    /// Every kind has it.
    static let test = Call("provider.test") { _ = try await RemoteNotifier($0, deadlines: $1).test() }

    /// A method that no version of the contract will have.
    static let unknown = Call("check.unknown", isRequired: false, mustFail: true) {
        _ = try await $0.call(method: "check.unknown", json: WireJSON.emptyObject, attachment: nil, deadline: $1.other)
    }

    /// The methods of the kinds of a plugin, and the options that its form names.
    static func all(for manifest: PluginManifest) -> [Call] {
        let sources = Set(manifest.settings.fields.compactMap(\.optionsFrom)).sorted()
        return [test] + sources.map(options) + manifest.kinds.compactMap(\.value).flatMap { calls(of: $0, manifest) }
    }

    private static func options(_ source: String) -> Call {
        Call("provider.options") { _ = try await RemoteNotifier($0, deadlines: $1).options(for: source) }
    }

    private static func calls(of kind: PluginManifest.Kind, _ manifest: PluginManifest) -> [Call] {
        switch kind {
        case .downloadClient: download(manifest.sources?.compactMap(\.value) ?? [])
        case .indexer: indexer
        case .metadataProvider: metadata
        case .notifier: notifier
        }
    }

    private static let nothing = "kinodock-check"

    private static let notifier: [Call] = [
        Call("notifier.supportedEvents") { _ = try await RemoteNotifier($0, deadlines: $1).supportedEvents() },
        Call("notifier.notify") {
            let event = NotificationEvent(
                id: nothing,
                kind: .test,
                time: "2026-01-02T03:04:05Z",
                title: "A check",
                message: "Sent by kinodock check."
            )
            try await RemoteNotifier($0, deadlines: $1).notify(event)
        },
    ]

    private static let indexer: [Call] = [
        Call("indexer.capabilities") { _ = try await RemoteIndexer($0, deadlines: $1).capabilities() },
        Call("indexer.search") {
            _ = try await RemoteIndexer($0, deadlines: $1).search(ReleaseQuery(kind: .movie, text: "Nosferatu"))
        },
        Call("indexer.fetch") {
            _ = try await RemoteIndexer($0, deadlines: $1).fetch("http://\(SampleSettings.host)/\(nothing)")
        },
    ]

    private static let metadata: [Call] = [
        Call("metadata.search") {
            _ = try await RemoteMetadataProvider($0, deadlines: $1).search(MetadataQuery(text: "Nosferatu"))
        },
        Call("metadata.movie") { _ = try await RemoteMetadataProvider($0, deadlines: $1).movie(nothing) },
        Call("metadata.series") { _ = try await RemoteMetadataProvider($0, deadlines: $1).series(nothing) },
        Call("metadata.season") { _ = try await RemoteMetadataProvider($0, deadlines: $1).season(1, of: nothing) },
        Call("metadata.find") {
            _ = try await RemoteMetadataProvider($0, deadlines: $1).find(source: "imdb", id: "tt0000000")
        },
        Call("metadata.images") {
            _ = try await RemoteMetadataProvider($0, deadlines: $1).images(for: nothing, kind: .known(.movie))
        },
    ]

    /// What is added is added paused, and removed before anything is resumed: a client that works by itself, without a
    /// service behind it, must not begin to download.
    private static func download(_ sources: [PluginManifest.Source]) -> [Call] {
        let hash = String(repeating: "0", count: 40)
        let add = sources.contains(.magnet) ? [adding(.magnet, "magnet:?xt=urn:btih:\(hash)")] : []
        let fetch = sources.contains(.url) ? [adding(.url, "http://\(SampleSettings.host)/\(nothing)")] : []
        return add + fetch + [
            Call("download.changes") { _ = try await RemoteDownloadClient($0, deadlines: $1).changes(since: nil) },
            Call("download.item") { _ = try await RemoteDownloadClient($0, deadlines: $1).item(hash) },
            Call("download.files") { _ = try await RemoteDownloadClient($0, deadlines: $1).files(of: hash) },
            Call("download.pause") { try await RemoteDownloadClient($0, deadlines: $1).pause(hash) },
            Call("download.pauseAll", isRequired: false) {
                try await RemoteDownloadClient($0, deadlines: $1).pauseAll()
            },
            Call("download.prioritize", isRequired: false) {
                try await RemoteDownloadClient($0, deadlines: $1).prioritize(Prioritization(id: hash))
            },
            Call("download.availability", isRequired: false) {
                _ = try await RemoteDownloadClient($0, deadlines: $1).availability(of: 0, in: hash)
            },
            Call("download.remove") {
                try await RemoteDownloadClient($0, deadlines: $1).remove(hash, deletingData: false)
            },
            Call("download.resume") { try await RemoteDownloadClient($0, deadlines: $1).resume(hash) },
            Call("download.resumeAll", isRequired: false) {
                try await RemoteDownloadClient($0, deadlines: $1).resumeAll()
            },
            Call("download.retry", isRequired: false) { try await RemoteDownloadClient($0, deadlines: $1).retry(hash) },
            Call("download.inspect", isRequired: false) {
                let request = SourceInspection(link: "http://\(SampleSettings.host)/\(nothing)")
                _ = try await RemoteDownloadClient($0, deadlines: $1).inspect(request)
            },
        ]
    }

    private static func adding(_ source: PluginManifest.Source, _ link: String) -> Call {
        Call("download.add") {
            var request = AddDownload(source: source, link: link)
            request.paused = true
            _ = try await RemoteDownloadClient($0, deadlines: $1).add(request, file: nil)
        }
    }
}
