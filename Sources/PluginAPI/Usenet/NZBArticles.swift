/// The articles that an NZB names.
struct NZBArticles {
    private(set) var count = 0
    private(set) var size: Int64 = 0
    /// A SHA-256 over the message ids.
    let identity: String

    /// - Parameter start: where the files begin.
    init(_ bytes: UnsafeRawBufferPointer, after start: Int) throws(NZBDamage) {
        var scanner = ByteScanner(bytes, at: start)
        var ids: [UInt8] = []
        while scanner.moveTo("<segment") {
            scanner.position += 8
            // Not the element around them.
            guard scanner.starts(" ") || scanner.starts("\t") || scanner.starts("\n") || scanner.starts("\r") else {
                continue
            }
            let begin = scanner.position
            guard scanner.moveTo(">") else { break }
            let tag = String(decoding: bytes[begin..<min(scanner.position, begin + 500)], as: UTF8.self)
            scanner.position += 1
            let text = scanner.position
            guard scanner.moveTo("<"), scanner.position - text <= 1000 else { continue }
            // A message id takes 250 characters at most (RFC 3977).
            let id = bytes[text..<scanner.position].filter { $0 > 32 }
            guard !id.isEmpty else { continue }
            ids += id
            ids.append(10)
            count += 1
            let posted = ByteScanner.attribute("bytes", in: tag).flatMap { Int64($0) } ?? 0
            if (0...Int64(1 << 30)).contains(posted) { size += posted }
        }
        guard count > 0 else { throw NZBDamage("it names no articles") }
        var tail = ByteScanner(bytes, at: max(start, bytes.count - 4096))
        guard tail.moveTo("</"), tail.movesToEndOfRoot() else { throw NZBDamage("it is cut off") }
        identity = SHA256.hex(ids)
    }
}

extension ByteScanner {
    /// Whether the root element is closed somewhere behind the position, with or without a prefix.
    fileprivate mutating func movesToEndOfRoot() -> Bool {
        moveTo("nzb>") || moveTo("NZB>")
    }
}
