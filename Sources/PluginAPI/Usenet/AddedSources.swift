import FoundationEssentials

/// What was added and which download it became, so that the same source does not become two.
///
/// For clients that take the same NZB again and again. An answer can get lost on its way: an entry without an id is
/// written before the client is asked. Kept in the host's store.
public actor AddedSources {
    /// One source.
    public struct Entry: Hashable, Sendable, Codable {
        /// Of the NZB or the address; see `identity(of:)`.
        public var identity: String
        /// The name that the download was given.
        public var name: String
        /// The id of the download; absent while it is not known whether the client has taken it.
        public var id: String?

        /// An entry without an id announces an add.
        public init(identity: String, name: String, id: String? = nil) {
            self.identity = identity
            self.name = name
            self.id = id
        }
    }

    private static let key = "added"
    /// The latest ones are kept; each takes about 200 bytes, and the host stores 1 MiB.
    private static let most = 2000

    private let host: any HostServices
    private var entries: [Entry]?

    /// The sources of one instance.
    public init(_ host: any HostServices) {
        self.host = host
    }

    /// A hash (FNV-1a, 64 bits) of an address, which may hold a key and is not to be stored.
    public static func identity(of link: String) -> String {
        let hash = link.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "url-" + String(hash, radix: 16)
    }

    /// Has a source added, which is announced first: when the answer gets lost, the next try can look for the download by
    /// its name.
    ///
    /// - Parameter add: asks the client; answers the id of the download, `nil` when the client has refused it.
    /// - Throws: what `add` throws. The source is forgotten then, unless the client may have taken it all the same.
    public func add(
        _ identity: String,
        name: String,
        _ add: @Sendable () async throws -> String?
    ) async throws -> String? {
        try await write(Entry(identity: identity, name: name))
        let id: String?
        do {
            id = try await add()
        } catch let error as PluginError where !Self.leavesDoubt(error) {
            try await forget(identity)
            throw error
        }
        guard let id else {
            try await forget(identity)
            return nil
        }
        // The client has it, whatever happens here; without this entry it is found by its name.
        try? await write(Entry(identity: identity, name: name, id: id))
        return id
    }

    /// The entry of a source.
    public func entry(_ identity: String) async throws -> Entry? {
        try await loaded().last { $0.identity == identity }
    }

    /// Writes an entry in place of an earlier one of the same source.
    public func write(_ entry: Entry) async throws {
        let all = try await loaded().filter { $0.identity != entry.identity } + [entry]
        try await store(Array(all.suffix(Self.most)))
    }

    /// Removes the entry of a source, if there is one.
    public func forget(_ identity: String) async throws {
        let all = try await loaded()
        guard all.contains(where: { $0.identity == identity }) else { return }
        try await store(all.filter { $0.identity != identity })
    }

    /// Whether the client may have done what it was asked for.
    private static func leavesDoubt(_ error: PluginError) -> Bool {
        switch error.code.value {
        case .timeout, .deadlineExceeded, .cancelled, .unreachable, .interrupted, .badResponse: true
        default: false
        }
    }

    private func loaded() async throws -> [Entry] {
        if let entries { return entries }
        let stored = try await host.value(for: Self.key)
        // Another call may have read or written while this one waited.
        if let entries { return entries }
        let read = stored.flatMap { try? JSONDecoder().decode([Entry].self, from: $0) } ?? []
        entries = read
        return read
    }

    private func store(_ all: [Entry]) async throws {
        entries = all
        try await host.setValue(JSONEncoder().encode(all), for: Self.key)
    }
}
