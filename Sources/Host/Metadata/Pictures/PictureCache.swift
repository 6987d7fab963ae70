import Cryptography
import FoundationEssentials
import HTTPClient
import HTTPServer
import PluginAPI
import Synchronization

/// The pictures of all titles: fetched when first wanted, kept on disk, and asked about again when they are old.
final class PictureCache: Sendable {
    struct Limits: Sendable {
        /// Bytes of one picture.
        var picture = 20 << 20
        /// Bytes of all pictures.
        var all = 1 << 30
    }

    /// A picture that can be sent.
    struct Found: Sendable {
        let file: OpenFile
        let content: Picture.Content
    }

    /// Seconds for which a picture holds, whatever its server says: a day to a year.
    private static let lifetimes = 86_400.0...31_536_000
    /// Seconds for one of which its server says nothing.
    private static let usualLifetime = 2_592_000.0
    /// Seconds after which the use of a picture is noted again.
    private static let noteUseAfter = 86_400.0
    /// Seconds for which a picture that could not be fetched is not asked for again, and how many of these are known.
    private static let lifetimeOfFailure = 120.0
    private static let mostFailures = 1000

    private let store: Store
    private let registry: Registry
    private let client: HTTPClient
    private let folder: PictureFolder
    private let logger: Logger
    private let clock: any WallClock
    private let limits: Limits
    private let open = SharedWork<String, Picture.Content>()
    private let failures = Mutex<[String: (failure: PictureFailure, until: Date)]>([:])
    private let disk = BlockingExecutor(label: "kinodock.pictures")

    init(
        store: Store,
        registry: Registry,
        client: HTTPClient,
        folder: PictureFolder,
        logger: Logger,
        clock: any WallClock,
        limits: Limits = Limits()
    ) {
        self.store = store
        self.registry = registry
        self.client = client
        self.folder = folder
        self.logger = logger
        self.clock = clock
        self.limits = limits
    }

    /// Tidies the folder up; call it once, before anything is asked for.
    func prepare() async {
        await withTaskExecutorPreference(disk) {
            do {
                try folder.prepare(keeping: try store.pictureContents())
            } catch {
                logger.error("The folder \(folder.path) cannot be used for pictures: \(words(error))")
            }
        }
    }

    /// The picture `id`, from the disk or from where it comes from.
    ///
    /// - Throws: `PictureFailure`.
    func picture(_ id: String) async throws -> Found {
        guard let picture = try store.picture(id) else { throw PictureFailure.unknown }
        guard let content = picture.content, let file = try? folder.open(content.hash) else {
            return try found(try await fetch(picture))
        }
        await noteUse(of: picture)
        guard content.expires <= clock.now else { return Found(file: file, content: content) }
        // An old picture is better than none.
        guard let latest = try? await fetch(picture) else { return Found(file: file, content: content) }
        return try latest.hash == content.hash ? Found(file: file, content: latest) : found(latest)
    }

    private func found(_ content: Picture.Content) throws -> Found {
        do {
            return Found(file: try folder.open(content.hash), content: content)
        } catch {
            throw PictureFailure.notKept("its file is gone. Ask again.")
        }
    }

    private func noteUse(of picture: Picture) async {
        let now = clock.now
        guard picture.used.map({ now.timeIntervalSince($0) > Self.noteUseAfter }) ?? true else { return }
        try? await store.setUsed(picture.id, at: now)
    }

    // MARK: Fetching

    /// Fetches a picture once for all who want it at the same time.
    private func fetch(_ picture: Picture) async throws -> Picture.Content {
        if let failure = recentFailure(of: picture.id) { throw failure }
        do {
            return try await open.value(for: picture.id) {
                // All of it runs where it may wait for the disk.
                try await withTaskExecutorPreference(self.disk) { try await self.load(picture) }
            }
        } catch {
            if Task.isCancelled { throw error }
            let failure = error as? PictureFailure ?? .unavailable(words(error))
            note(failure, of: picture.id)
            throw failure
        }
    }

    private func load(_ picture: Picture) async throws -> Picture.Content {
        let answer: HTTPClientStream
        do { answer = try await client.stream(await request(for: picture)) } catch { throw PictureFailure(error) }
        let now = clock.now
        var content: Picture.Content
        if answer.status == 304, let known = picture.content {
            content = known
        } else {
            guard answer.status == 200 else {
                throw PictureFailure.unavailable("its server answers \(answer.status).")
            }
            content = try await save(answer)
        }
        content.etag = answer.header("ETag") ?? (answer.status == 304 ? content.etag : nil)
        content.expires = now.addingTimeInterval(Self.lifetime(answer.header("Cache-Control") ?? ""))
        try await store.keep(content, of: picture.id, used: now)
        folder.remove(try await store.dropPictures(beyond: limits.all))
        return content
    }

    private func request(for picture: Picture) async -> HTTPClientRequest {
        var request = HTTPClientRequest(url: picture.url, headers: [("Accept", "image/jpeg, image/png, image/webp")])
        request.timeout = .seconds(60)
        request.idleTimeout = .seconds(15)
        request.maxBodyBytes = limits.picture
        // An address in an answer from outside must not lead into the network of this machine, unless the provider
        // itself is there.
        request.privateHosts = []
        if let id = picture.instanceID { request.privateHosts = await registry.enteredHosts(of: id) }
        if let content = picture.content, let etag = content.etag, (try? folder.open(content.hash)) != nil {
            request.headers.append(("If-None-Match", etag))
        }
        return request
    }

    /// Writes the bytes of an answer to the disk as they come, and ends at the first that cannot be those of a picture.
    private func save(_ answer: HTTPClientStream) async throws -> Picture.Content {
        let draft = try folder.begin()
        var hash = SHA256()
        var begin = Data()
        var size: Int64 = 0
        do {
            for try await piece in answer {
                if begin.count < PictureFormat.length {
                    begin += piece.prefix(PictureFormat.length - begin.count)
                    if begin.count == PictureFormat.length { _ = try format(begin) }
                }
                hash.update(piece)
                size += Int64(piece.count)
                try draft.write(piece)
            }
        } catch let error as HTTPClientError {
            throw PictureFailure(error)
        }
        let type = try format(begin)
        try draft.finish()
        let name = Hex.encode(hash.finalize())
        try folder.place(draft, name)
        return Picture.Content(hash: name, type: type.rawValue, size: size, etag: nil, expires: clock.now)
    }

    private func format(_ begin: Data) throws -> PictureFormat {
        guard let format = PictureFormat(begin) else {
            throw PictureFailure.unavailable("its server sends something else than a JPEG, PNG or WebP.")
        }
        return format
    }

    private static func lifetime(_ cacheControl: String) -> Double {
        let parts = cacheControl.split { $0 == "," || $0 == " " }
        let age = parts.first { $0.hasPrefix("max-age=") }.flatMap { Double($0.dropFirst(8)) } ?? usualLifetime
        return min(max(age, lifetimes.lowerBound), lifetimes.upperBound)
    }

    // MARK: Failures

    private func recentFailure(of id: String) -> PictureFailure? {
        let now = clock.now
        return failures.withLock { failures in failures[id].flatMap { $0.until > now ? $0.failure : nil } }
    }

    private func note(_ failure: PictureFailure, of id: String) {
        let now = clock.now
        failures.withLock { failures in
            if failures.count >= Self.mostFailures { failures = failures.filter { $0.value.until > now } }
            guard failures.count < Self.mostFailures else { return }
            failures[id] = (failure, now.addingTimeInterval(Self.lifetimeOfFailure))
        }
    }

    private func words(_ error: any Error) -> String { (error as? PictureFailure)?.message ?? error.words }
}
