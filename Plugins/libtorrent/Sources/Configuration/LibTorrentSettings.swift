/// The stored settings of the embedded client.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct LibTorrentSettings: Hashable, Sendable {
    /// How connections with peers are encrypted.
    enum Encryption: String, Hashable, Sendable, Codable, CaseIterable {
        /// Whatever the other side likes.
        case allow
        /// Encrypted where the other side can.
        case prefer
        /// Encrypted or not at all.
        case require
        /// Never.
        case off
    }

    /// Where finished downloads are; empty for the host's folder for downloads.
    var savePath = ""
    /// Where downloads are until they are finished; empty for `savePath` from the start.
    var incompletePath = ""
    /// The category of what is added without one; empty for none.
    var category = "kinodock"
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Whether torrents are downloaded in the order of their bytes.
    var sequential = false
    /// Whether `seedRatioLimit` and `seedTimeLimit` do not hold.
    var seedForever = false
    /// Upload ratio at which seeding ends.
    var seedRatioLimit = 1.0
    /// Minutes of seeding after which it ends.
    var seedTimeLimit = 10_080
    /// Downloads at once; 0 for no limit.
    var maxActiveDownloads = 5
    /// Kilobytes each second for all torrents together; 0 for no limit.
    var downloadLimit = 0
    /// As `downloadLimit`.
    var uploadLimit = 0
    /// Whether the limits hold for peers of the local network too.
    var limitLocalPeers = false
    /// Addresses or network interfaces to use, separated by commas; empty for all.
    var listenAddress = ""
    /// For peers; 0 lets the system choose.
    var listenPort = 6881
    /// Whether the router is asked to let others in.
    var portMapping = true
    var dht = true
    /// Where the DHT is entered by somebody who knows nobody: host:port, separated by commas; empty for the usual ones.
    var dhtNodes = ""
    var localDiscovery = true
    var peerExchange = true
    var encryption = Encryption.prefer
    /// Connections with peers, of all torrents.
    var maxConnections = 200

    /// The defaults.
    init() {}
}

extension LibTorrentSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case savePath, incompletePath, category, addPaused, sequential
        case seedForever, seedRatioLimit, seedTimeLimit
        case maxActiveDownloads, downloadLimit, uploadLimit, limitLocalPeers, listenAddress, listenPort, portMapping
        case dht, dhtNodes, localDiscovery, peerExchange, encryption, maxConnections
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        savePath = values.text(.savePath) ?? savePath
        incompletePath = values.text(.incompletePath) ?? incompletePath
        // An empty category is a choice: no category.
        category = try values.decodeIfPresent(String.self, forKey: .category) ?? category
        addPaused = values.flag(.addPaused) ?? addPaused
        sequential = values.flag(.sequential) ?? sequential
        seedForever = values.flag(.seedForever) ?? seedForever
        seedRatioLimit = values.number(.seedRatioLimit) ?? seedRatioLimit
        seedTimeLimit = values.whole(.seedTimeLimit) ?? seedTimeLimit
        maxActiveDownloads = values.whole(.maxActiveDownloads) ?? maxActiveDownloads
        downloadLimit = values.whole(.downloadLimit) ?? downloadLimit
        uploadLimit = values.whole(.uploadLimit) ?? uploadLimit
        limitLocalPeers = values.flag(.limitLocalPeers) ?? limitLocalPeers
        listenAddress = values.text(.listenAddress) ?? listenAddress
        listenPort = values.whole(.listenPort) ?? listenPort
        portMapping = values.flag(.portMapping) ?? portMapping
        dht = values.flag(.dht) ?? dht
        dhtNodes = values.text(.dhtNodes) ?? dhtNodes
        localDiscovery = values.flag(.localDiscovery) ?? localDiscovery
        peerExchange = values.flag(.peerExchange) ?? peerExchange
        encryption = values.text(.encryption).flatMap(Encryption.init) ?? encryption
        maxConnections = values.whole(.maxConnections) ?? maxConnections
    }
}

/// Values as forms and hand-written configurations give them: numbers also as text.
extension KeyedDecodingContainer {
    fileprivate func text(_ key: Key) -> String? {
        guard let text = try? decode(String.self, forKey: key), !text.isEmpty else { return nil }
        return text
    }

    fileprivate func number(_ key: Key) -> Double? {
        (try? decode(Double.self, forKey: key)) ?? text(key).flatMap(Double.init)
    }

    fileprivate func whole(_ key: Key) -> Int? {
        number(key).flatMap { Int(exactly: $0) }
    }

    fileprivate func flag(_ key: Key) -> Bool? {
        (try? decode(Bool.self, forKey: key)) ?? text(key).flatMap(Bool.init)
    }
}
