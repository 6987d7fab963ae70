extension DownloadItem: DirectJSON {
    private static let keys = MessageKeys(
        CodingKeys.self,
        optional: [
            .stage, .eta, .seeders, .leechers, .peers, .availability, .ratio, .category, .savePath, .contentPath,
            .infoHash, .message,
        ]
    )

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(id: "", name: "", state: .queued)
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .id: id = try reader.string()
            case .name: name = try reader.string()
            case .state: state = Open(try reader.string())
            case .stage: stage = try reader.optionalString().map { Open($0) }
            case .size: size = try reader.integer()
            case .remaining: remaining = try reader.integer()
            case .isComplete: isComplete = try reader.bool()
            case .downloadSpeed: downloadSpeed = try reader.integer()
            case .uploadSpeed: uploadSpeed = try reader.integer()
            case .eta: eta = try reader.optionalInteger()
            case .seeders: seeders = try reader.optionalInteger()
            case .leechers: leechers = try reader.optionalInteger()
            case .peers: peers = try reader.optionalInteger()
            case .availability: availability = try reader.optionalDouble()
            case .ratio: ratio = try reader.optionalDouble()
            case .category: category = try reader.optionalString()
            case .savePath: savePath = try reader.optionalString()
            case .contentPath: contentPath = try reader.optionalString()
            case .infoHash: infoHash = try reader.optionalString()
            case .canMoveFiles: canMoveFiles = try reader.bool()
            case .canBeRemoved: canBeRemoved = try reader.bool()
            case .message: message = try reader.optionalString()
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member(CodingKeys.id, id)
            writer.member(CodingKeys.name, name)
            writer.member(CodingKeys.state, state.text)
            writer.member(CodingKeys.stage, stage?.text)
            writer.member(CodingKeys.size, size)
            writer.member(CodingKeys.remaining, remaining)
            writer.member(CodingKeys.isComplete, isComplete)
            writer.member(CodingKeys.downloadSpeed, downloadSpeed)
            writer.member(CodingKeys.uploadSpeed, uploadSpeed)
            writer.member(CodingKeys.eta, eta)
            writer.member(CodingKeys.seeders, seeders)
            writer.member(CodingKeys.leechers, leechers)
            writer.member(CodingKeys.peers, peers)
            writer.member(CodingKeys.availability, availability)
            writer.member(CodingKeys.ratio, ratio)
            writer.member(CodingKeys.category, category)
            writer.member(CodingKeys.savePath, savePath)
            writer.member(CodingKeys.contentPath, contentPath)
            writer.member(CodingKeys.infoHash, infoHash)
            writer.member(CodingKeys.canMoveFiles, canMoveFiles)
            writer.member(CodingKeys.canBeRemoved, canBeRemoved)
            writer.member(CodingKeys.message, message)
        }
    }
}

extension DownloadChanges: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(cursor: "", isComplete: false, items: [])
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .cursor: cursor = try reader.string()
            case .isComplete: isComplete = try reader.bool()
            case .items: items = try reader.array { reader throws(MessageReader.Unsure) in try .init(reading: &reader) }
            case .removed: removed = try reader.array { reader throws(MessageReader.Unsure) in try reader.string() }
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        // About what an item with paths takes; growing in steps would copy megabytes several times.
        writer.reserve(items.count * 640)
        writer.object { writer in
            writer.member(CodingKeys.cursor, cursor)
            writer.member(CodingKeys.isComplete, isComplete)
            writer.member(CodingKeys.items, items)
            writer.member(CodingKeys.removed, removed)
        }
    }
}

extension MessageReader {
    fileprivate mutating func optionalInteger() throws(Unsure) -> Int? {
        try takeNull() ? nil : Int(try integer())
    }

    fileprivate mutating func optionalDouble() throws(Unsure) -> Double? {
        try takeNull() ? nil : try double()
    }

    fileprivate mutating func optionalString() throws(Unsure) -> String? {
        try takeNull() ? nil : try string()
    }
}
