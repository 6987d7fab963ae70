import Cryptography
import FoundationEssentials
import PluginAPI
import Testing

@testable import Host
@testable import PluginHosting

@Suite(.timeLimit(.minutes(1)))
struct MediaLibraryTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/kinodock.sqlite")
    }

    /// A library whose server has the key made of `byte`.
    private func library(key byte: UInt8) throws -> MediaLibrary {
        let key = SealingKey(bytes: [UInt8](repeating: byte, count: 32))
        let logger = Logger(redactor: Redactor(), clock: SystemClock()) { _ in }
        let registry = try Registry(
            store: store,
            plugins: NoPlugins(),
            sealingKey: key,
            redactor: logger.redactor,
            logger: logger,
            clock: SystemClock(),
            folders: InstanceFolders(dataDirectory: folder.path)
        ) { _ in RecordingServices() }
        let snapshot = QueueSnapshot()
        let queue = DownloadQueue(
            store: store,
            registry: registry,
            feed: SilentFeed(),
            snapshot: snapshot,
            importer: NoImports(),
            sealingKey: key,
            qualities: .standard,
            logger: logger,
            clock: SystemClock(),
            pollSoon: { _ in }
        )
        return MediaLibrary(
            store: store,
            queue: queue,
            snapshot: snapshot,
            logger: logger,
            clock: SystemClock(),
            roots: [folder.path]
        )
    }

    /// A title with a download whose magnet was sealed with the key made of 1.
    private func media(_ magnet: String) async throws -> MediaLibrary.Media {
        let title = Title(id: "t1", kind: .movie, title: "Silent Harbor", added: start)
        let item = QueueItem(
            id: "q_1",
            clientID: "c1",
            clientName: "client",
            title: "Silent Harbor",
            downloadProtocol: .torrent,
            source: .magnet,
            isPaused: false,
            quality: "Unknown",
            qualityScore: 0,
            tracked: TrackedDownload(.torrent),
            added: start
        )
        let key = SealingKey(bytes: [UInt8](repeating: 1, count: 32))
        let link = try key.seal(Data(magnet.utf8), context: DownloadQueue.linkContext(item.id))
        try await store.insert(item, source: .init(link: link), now: start)
        return MediaLibrary.Media(title: title, files: [], download: item)
    }

    @Test(
        "answers the magnet of a title while the key is there, and none without it",
        arguments: [(UInt8(1), true), (2, false)]
    )
    func magnet(key: UInt8, isReadable: Bool) async throws {
        let magnet = "magnet:?xt=urn:btih:0123456789012345678901234567890123456789"
        let media = try await media(magnet)
        #expect(try library(key: key).magnet(of: media) == (isReadable ? magnet : nil))
    }

    @Test("finds a title by its kind and its number in the catalogue")
    func catalogueNumber() async throws {
        for (id, kind, number) in [
            ("m", Title.Kind.movie, 7), ("s1", .series, 8), ("s2", .series, 7), ("s3", .series, 7),
        ] {
            let title = Title(id: id, kind: kind, title: id, tmdbID: number, added: start)
            try await store.insert(title)
        }
        #expect(try store.title(kind: .series, tmdbID: 7)?.id == "s2")
        #expect(try store.title(kind: .movie, tmdbID: 7)?.id == "m")
        #expect(try store.title(kind: .movie, tmdbID: 8) == nil)
    }
}

private struct NoPlugins: PluginSource {
    func manifest(of id: String) -> PluginManifest? { nil }
    func reasonAgainst(_ id: String) -> String { "There are no plugins." }
    func connect(
        _ id: String,
        settings: Data,
        services: any HostServices
    ) async throws(PluginError) -> any PluginConnection {
        throw PluginError(.notFound, "There are no plugins.")
    }
    func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data { settings }
}

private struct NoImports: DownloadImporting {
    func importDownload(
        _ item: QueueItem,
        progress: @escaping @Sendable (String) -> Void,
        record: @escaping @Sendable (ImportedDownload) async throws -> Bool
    ) async throws(ImportFailure) {
        throw .cancelled
    }
}

private struct SilentFeed: QueueFeed {
    func appeared(_ item: QueueItem, isNew: Bool, at now: Date) {}
    func changed(_ item: QueueItem, wasHidden: Bool, at now: Date) {}
    func completed(_ item: QueueItem, at now: Date) {}
    func failed(_ item: QueueItem, at now: Date) {}
    func disappeared(_ items: [QueueItem]) {}
}
