import PluginAPI

/// Files, their order, and what of them can be read.
extension TorrentEngine {
    /// The most pieces that get a deadline at once: more only crowd each other out.
    private static let mostDeadlines = 500
    /// Milliseconds: the first piece at once, the next ones as fast as a film is watched at least.
    private static let pace = 200

    func files(of id: String) async throws -> [DownloadFile] {
        let record = try await find(id)
        guard let layout = record.layout else { return [] }
        let levels = session?.levels(of: record.number, count: layout.slots)
        let bytes = session?.progress(of: record.number, count: layout.slots)
        return layout.files.map { file in
            DownloadFile(
                index: file.index,
                path: file.path,
                size: file.size,
                completed: min(bytes?[file.index] ?? 0, file.size),
                isWanted: levels?[file.index] != 0
            )
        }
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        let (record, layout) = try await known(id)
        let file = try layout.checked(fileIndex)
        guard let pieces = session?.pieces(of: record.number, count: layout.pieceCount) else {
            return FileAvailability(path: "\(record.place)/\(file.path)", size: file.size, ranges: [])
        }
        let ranges = layout.verifiedRanges(of: file, pieces)
        return FileAvailability(path: "\(record.place)/\(file.path)", size: file.size, ranges: ranges)
    }

    func prioritize(_ request: Prioritization) async throws {
        let record = try await find(request.id)
        let number = record.number
        if request.files?.isEmpty == false || request.ranges != nil { try await order(request) }
        if let priority = request.priority?.value { place(number, priority) }
        let isForced = request.priority.map { $0 == .force }
        guard request.sequential != nil || isForced != nil else { return beat() }
        await set(number) { notes in
            if let sequential = request.sequential { notes.isSequential = sequential }
            if let isForced { notes.isForced = isForced }
        }
    }

    /// Sets the levels of files, and deadlines for ranges.
    private func order(_ request: Prioritization) async throws {
        let (record, layout) = try await known(request.id)
        var levels = try (request.files ?? [:]).map { (try layout.checked($0).index, $1.engineLevel) }
        let wanted = try request.ranges.map { try pieces(of: $0, request.fileIndex, layout) }
        if let index = request.fileIndex, wanted?.isEmpty == false {
            let known = session?.levels(of: record.number, count: layout.slots)?[index]
            // A range of a file that is skipped would never come.
            if (levels.first { $0.0 == index }?.1 ?? known) == 0 {
                levels.append((index, Prioritization.Level.normal.engineLevel))
            }
        }
        for (index, level) in levels { session?.set(level: level, ofFile: index, in: record.number) }
        // After a jump in a film the pieces that were wanted before would only hold up the new ones.
        if let wanted { session?.hurry(wanted, of: record.number, pace: Self.pace) }
        saveSoon(record.number)
        session?.postUpdates()
    }

    /// The pieces of the ranges, the most urgent first.
    private func pieces(of ranges: [FileRange], _ fileIndex: Int?, _ layout: TorrentLayout) throws -> [Int] {
        guard !ranges.isEmpty else { return [] }
        guard let fileIndex else {
            throw PluginError(.invalid, "Ranges need the file that they are of.", field: "file_index")
        }
        let file = try layout.checked(fileIndex)
        var seen: Set<Int> = []
        var pieces: [Int] = []
        for range in ranges {
            let start = min(max(range.offset, 0), file.size)
            let end = start + min(max(range.length, 0), file.size - start)
            for piece in layout.pieces(of: start..<end, in: file) where pieces.count < Self.mostDeadlines {
                if seen.insert(piece).inserted { pieces.append(piece) }
            }
        }
        return pieces
    }

    /// - Throws: `.conflict` while the files of a magnet are not known.
    private func known(_ id: String) async throws -> (TorrentRecord, TorrentLayout) {
        let record = try await find(id)
        guard let layout = record.layout else {
            throw PluginError(
                .conflict,
                "The files of this magnet are not known yet. Try again in a moment.",
                retryAfter: 5
            )
        }
        return (record, layout)
    }
}

extension Prioritization.Level {
    /// The engine's number.
    fileprivate var engineLevel: UInt8 {
        switch self {
        case .skip: 0
        case .normal: 4
        case .high: 7
        }
    }
}

extension TorrentLayout {
    /// - Throws: `PluginError` with `.notFound` when there is no such file.
    fileprivate func checked(_ index: Int) throws -> File {
        guard let file = file(index) else {
            throw PluginError(.notFound, "The torrent has no file with the number \(index).", field: "file_index")
        }
        return file
    }
}
