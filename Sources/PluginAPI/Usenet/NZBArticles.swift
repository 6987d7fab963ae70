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
            var tag = scanner
            guard scanner.moveTo(">") else { break }
            tag.end = min(scanner.position, tag.position + 500)
            scanner.position += 1
            let text = scanner.position
            guard scanner.moveTo("<"), scanner.position - text <= 1000 else { continue }
            // A message id takes 250 characters at most (RFC 3977).
            let before = ids.count
            for byte in bytes[text..<scanner.position] where byte > 32 { ids.append(byte) }
            guard ids.count > before else { continue }
            ids.append(10)
            count += 1
            size += tag.postedBytes
        }
        guard count > 0 else { throw NZBDamage("it names no articles") }
        var tail = ByteScanner(bytes, at: max(start, bytes.count - 4096))
        guard tail.moveTo("</"), tail.movesToEndOfRoot() else { throw NZBDamage("it is cut off") }
        identity = SHA256.hex(ids)
    }
}

extension ByteScanner {
    /// The size that the tag of an article gives, at most 1 GiB; else 0.
    ///
    /// No text is made of the tag: a large NZB has hundreds of thousands of them.
    fileprivate var postedBytes: Int64 {
        var at = self
        guard at.moveTo("bytes=") else { return 0 }
        at.position += 6
        guard at.starts("\"") || at.starts("'") else { return 0 }
        at.position += 1
        var number: Int64 = 0
        while at.position < at.end, (48...57).contains(bytes[at.position]) {
            number = number * 10 + Int64(bytes[at.position] - 48)
            guard number <= 1 << 30 else { return 0 }
            at.position += 1
        }
        return number
    }

    /// Whether the root element is closed somewhere behind the position, with or without a prefix.
    fileprivate mutating func movesToEndOfRoot() -> Bool {
        moveTo("nzb>") || moveTo("NZB>")
    }
}
