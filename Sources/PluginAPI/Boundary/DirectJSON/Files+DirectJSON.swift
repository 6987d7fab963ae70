extension FileRange: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(offset: 0, length: 0)
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .offset: offset = try reader.integer()
            case .length: length = try reader.integer()
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member(CodingKeys.offset, offset)
            writer.member(CodingKeys.length, length)
        }
    }
}

extension FileAvailability: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(path: "", size: 0, ranges: [])
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .path: path = try reader.string()
            case .size: size = try reader.integer()
            case .ranges:
                ranges = try reader.array { reader throws(MessageReader.Unsure) in try .init(reading: &reader) }
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member(CodingKeys.path, path)
            writer.member(CodingKeys.size, size)
            writer.member(CodingKeys.ranges, ranges)
        }
    }
}

extension DownloadFile: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(index: 0, path: "", size: 0, completed: 0)
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .index: index = Int(try reader.integer())
            case .path: path = try reader.string()
            case .size: size = try reader.integer()
            case .completed: completed = try reader.integer()
            case .isWanted: isWanted = try reader.bool()
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member(CodingKeys.index, index)
            writer.member(CodingKeys.path, path)
            writer.member(CodingKeys.size, size)
            writer.member(CodingKeys.completed, completed)
            writer.member(CodingKeys.isWanted, isWanted)
        }
    }
}
