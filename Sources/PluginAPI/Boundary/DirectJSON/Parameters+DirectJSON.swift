extension None: DirectJSON {
    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        guard reader.take("{"), reader.take("}") else { throw MessageReader.Unsure() }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { _ in }
    }
}

extension IDParameters: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        id = ""
        var members = try reader.members(Self.keys)
        while try reader.next(&members) != nil { id = try reader.string() }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { $0.member(CodingKeys.id, id) }
    }
}

extension ChangesParameters: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self, optional: [.cursor])

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        var members = try reader.members(Self.keys)
        while try reader.next(&members) != nil { cursor = try reader.takeNull() ? nil : try reader.string() }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { $0.member(CodingKeys.cursor, cursor) }
    }
}

extension RemoveParameters: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(id: "", deletingData: false)
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .id: id = try reader.string()
            case .deletingData: deletingData = try reader.bool()
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member(CodingKeys.id, id)
            writer.member(CodingKeys.deletingData, deletingData)
        }
    }
}

extension AvailabilityParameters: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        self.init(id: "", fileIndex: 0)
        var members = try reader.members(Self.keys)
        while let key = try reader.next(&members) {
            switch key {
            case .id: id = try reader.string()
            case .fileIndex: fileIndex = Int(try reader.integer())
            }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { writer in
            writer.member(CodingKeys.id, id)
            writer.member(CodingKeys.fileIndex, fileIndex)
        }
    }
}

extension ItemResult: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self, optional: [.item])

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        var members = try reader.members(Self.keys)
        while try reader.next(&members) != nil {
            item = try reader.takeNull() ? nil : try DownloadItem(reading: &reader)
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { $0.member(CodingKeys.item, item) }
    }
}

extension FilesResult: DirectJSON {
    private static let keys = MessageKeys(CodingKeys.self)

    init(reading reader: inout MessageReader) throws(MessageReader.Unsure) {
        files = []
        var members = try reader.members(Self.keys)
        while try reader.next(&members) != nil {
            files = try reader.array { reader throws(MessageReader.Unsure) in try .init(reading: &reader) }
        }
    }

    func write(to writer: inout MessageWriter) {
        writer.object { $0.member(CodingKeys.files, files) }
    }
}
